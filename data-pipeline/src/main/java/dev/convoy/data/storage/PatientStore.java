package dev.convoy.data.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A store over a network, which fails, hangs, and sometimes says that it failed when it did not.
 *
 * <p>What may pass is tried again, with growing pauses and a line in the log, for as long as {@link
 * Patience} allows; no answer counts as a failure when that time is over. A listing of many answers
 * may take longer: its time counts from the last one before it first failed, or fell silent. A
 * write that failed is looked for before it is repeated: where its bytes are there, it was done; so
 * is a delete of a file whose content is known. Only an append is not repeated, because it could be
 * there twice.
 */
final class PatientStore implements Store {
  private static final Logger LOG = LoggerFactory.getLogger(PatientStore.class);

  private final Store store;
  private final Path folder;
  private final Patience patience;

  PatientStore(Store store, Path folder, Patience patience) {
    this.store = store;
    this.folder = folder;
    this.patience = patience;
  }

  @Override
  public Store folder(String name) throws IOException {
    return new PatientStore(store.folder(name), Storage.child(folder, name), patience);
  }

  @Override
  public boolean isFile(String name) throws IOException {
    return repeat("look at", name, () -> store.isFile(name));
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    return repeat("look at", name, () -> store.isFolder(name));
  }

  @Override
  public byte[] read(String name) throws IOException {
    return repeat("read", name, () -> store.read(name));
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    repeat(
        "write",
        name,
        () -> {
          try {
            store.write(name, content);
          } catch (IOException e) {
            if (!holds(name, content, e)) {
              throw e;
            }
          }
          return true;
        });
  }

  @Override
  public boolean createExclusively(String name, byte[] content) throws IOException {
    AtomicBoolean unknown = new AtomicBoolean();
    return repeat(
        "create",
        name,
        () -> {
          try {
            boolean created = store.createExclusively(name, content);
            // After a failure that was none, the file that is in the way is our own.
            return created || (unknown.get() && Arrays.equals(store.read(name), content));
          } catch (IOException e) {
            unknown.set(true);
            if (!holds(name, content, e)) {
              throw e;
            }
            return true;
          }
        });
  }

  @Override
  public FolderListing list(String name, Progress progress) throws IOException {
    return repeat("list", name, () -> store.list(name, progress), progress);
  }

  @Override
  public void delete(String name) throws IOException {
    repeat(
        "delete",
        name,
        () -> {
          store.delete(name);
          return true;
        });
  }

  /** Where a delete was done though it failed, the file of today may be somebody else's. */
  @Override
  public void delete(String name, byte[] content) throws IOException {
    AtomicBoolean unknown = new AtomicBoolean();
    repeat(
        "delete",
        name,
        () -> {
          if (!unknown.getAndSet(true) || isStill(name, content)) {
            store.delete(name);
          }
          return true;
        });
  }

  private boolean isStill(String name, byte[] content) throws IOException {
    try {
      return Arrays.equals(store.read(name), content);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return false;
    }
  }

  @Override
  public boolean canAppend() throws IOException {
    return store.canAppend();
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    once(
        "append to",
        name,
        () -> {
          store.append(name, content);
          return true;
        },
        new Progress(),
        patience.allowance(System.nanoTime()));
  }

  /** Whether a write was done though the store says that it was not. */
  private boolean holds(String name, byte[] content, IOException said) {
    try {
      if (!Arrays.equals(store.read(name), content)) {
        return false;
      }
    } catch (IOException e) {
      LOG.debug("{} cannot be read back", path(name), e);
      return false;
    }
    LOG.warn("{} is there, though the store said: {}", path(name), said.getMessage());
    return true;
  }

  private <T> T repeat(String act, String name, TimedOperation.Operation<T> operation)
      throws IOException {
    return repeat(act, name, operation, new Progress());
  }

  private <T> T repeat(
      String act, String name, TimedOperation.Operation<T> operation, Progress progress)
      throws IOException {
    long began = System.nanoTime();
    long allowed = patience.allowance(began);
    for (int attempt = 1; ; attempt++) {
      try {
        T result = once(act, name, operation, progress, allowed - (System.nanoTime() - began));
        if (attempt > 1) {
          LOG.info("Attempt {} to {} {} went well", attempt, act, path(name));
        }
        return result;
      } catch (IOException e) {
        if (Thread.currentThread().isInterrupted() || !StoreFailure.mayPass(e)) {
          throw e;
        }
        if (attempt == 1) {
          // Until then it went well. What further attempts get done prolongs nothing: they may all
          // come as far and fail.
          began = progress.last();
        }
        long pause = jittered(patience.pauseAfter(attempt));
        long left = allowed - (System.nanoTime() - began);
        if (pause >= left) {
          throw new IOException(
              String.format(
                  Locale.ROOT,
                  "%s; given up after %d s and %d attempts (spark.hadoop.%s says how long it is tried)",
                  explained(act, name, e),
                  Duration.ofNanos(allowed).toSeconds(),
                  attempt,
                  Patience.SETTING),
              e);
        }
        LOG.warn(
            "{}; trying again in {} ms, for at most {} s more",
            explained(act, name, e),
            TimeUnit.NANOSECONDS.toMillis(pause),
            TimeUnit.NANOSECONDS.toSeconds(left));
        pause(pause);
      }
    }
  }

  private <T> T once(
      String act, String name, TimedOperation.Operation<T> operation, Progress progress, long left)
      throws IOException {
    try {
      T result =
          TimedOperation.run(
              act + " " + path(name),
              operation,
              progress,
              Math.max(left, patience.oneTry()),
              patience.slow());
      patience.answered();
      return result;
    } catch (StoreTimeoutException e) {
      patience.failed(progress.last());
      throw e;
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw e; // who waited gave up, which says nothing of the store
      }
      if (StoreFailure.mayPass(e)) {
        patience.failed(progress.last());
      } else {
        patience.answered();
      }
      throw e;
    }
  }

  /** Many executors that fail together should not come back together. */
  private static long jittered(long pause) {
    return pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
  }

  private static void pause(long nanos) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted = new InterruptedIOException("Interrupted in a pause");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  private String explained(String act, String name, IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.contains(path(name))
        ? message
        : "Cannot " + act + " " + path(name) + ": " + message;
  }

  private String path(String name) {
    return Storage.child(folder, name).toString();
  }
}
