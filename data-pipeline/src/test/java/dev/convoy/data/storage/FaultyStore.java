package dev.convoy.data.storage;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Files in memory, behind faults that come one for each operation until there are none left. */
final class FaultyStore implements Store {

  /** What befalls one operation. */
  interface Fault {
    /** Does the operation, or does not. */
    void befall(Operation operation) throws IOException;
  }

  /** An operation on the files. */
  interface Operation {
    void run() throws IOException;
  }

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final AtomicInteger operations = new AtomicInteger();

  /** Nothing is done, and an exception says so. */
  static Fault failure(String message) {
    return operation -> {
      throw new IOException(message);
    };
  }

  /** It is done, and an exception says that it is not. */
  static Fault doneButSaysNot() {
    return operation -> {
      operation.run();
      throw new IOException("connection reset");
    };
  }

  /** Nothing is done before a latch opens. */
  static Fault hang(CountDownLatch until) {
    return operation -> {
      boolean open = false;
      while (!open) {
        try {
          until.await();
          open = true;
        } catch (InterruptedException e) {
          // A client in native code does not hear it either.
        }
      }
      operation.run();
    };
  }

  /** It is done after a while. */
  static Fault pause(Duration pause) {
    return operation -> {
      try {
        TimeUnit.NANOSECONDS.sleep(pause.toNanos());
      } catch (InterruptedException e) {
        throw new IOException("Interrupted in a pause", e);
      }
      operation.run();
    };
  }

  static Fault none() {
    return Operation::run;
  }

  void next(Fault... coming) {
    faults.addAll(Arrays.asList(coming));
  }

  /** Operations so far, those with faults included. */
  int operations() {
    return operations.get();
  }

  private synchronized Fault nextFault() {
    operations.incrementAndGet();
    return faults.isEmpty() ? none() : faults.remove();
  }

  @Override
  public Store folder(String name) {
    return this;
  }

  @Override
  public boolean isFile(String name) throws IOException {
    nextFault().befall(() -> {});
    return files.containsKey(name);
  }

  @Override
  public boolean isFolder(String name) throws IOException {
    nextFault().befall(() -> {});
    return false;
  }

  @Override
  public byte[] read(String name) throws IOException {
    nextFault().befall(() -> {});
    byte[] content = files.get(name);
    if (content == null) {
      throw new NoSuchFileException(name);
    }
    return content;
  }

  @Override
  public void write(String name, byte[] content) throws IOException {
    nextFault().befall(() -> files.put(name, content));
  }

  @Override
  public boolean createExclusively(String name, byte[] content) throws IOException {
    boolean[] created = new boolean[1];
    nextFault().befall(() -> created[0] = files.putIfAbsent(name, content) == null);
    return created[0];
  }

  @Override
  public FolderListing list(String folder, Progress progress) throws IOException {
    nextFault().befall(() -> {});
    return new FolderListing(List.of(), List.of());
  }

  @Override
  public void delete(String name) throws IOException {
    nextFault().befall(() -> files.remove(name));
  }

  @Override
  public boolean canAppend() {
    return true;
  }

  @Override
  public void append(String name, byte[] content) throws IOException {
    nextFault()
        .befall(
            () ->
                files.merge(
                    name,
                    content,
                    (before, more) -> {
                      byte[] all = Arrays.copyOf(before, before.length + more.length);
                      System.arraycopy(more, 0, all, before.length, more.length);
                      return all;
                    }));
  }
}
