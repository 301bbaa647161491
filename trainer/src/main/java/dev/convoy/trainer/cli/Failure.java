package dev.convoy.trainer.cli;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.fetch.DownloadException;
import dev.convoy.models.InvalidModelException;
import dev.convoy.trainer.checkpoint.DamagedCheckpointException;
import dev.convoy.trainer.config.ConfigurationException;
import dev.convoy.trainer.executor.ProfileMismatchException;
import dev.convoy.trainer.run.RunHeldException;
import dev.convoy.trainer.training.DivergedException;
import dev.convoy.trainer.training.InterruptedRunException;
import dev.convoy.trainer.training.SavingFailedException;
import dev.convoy.trainer.training.StopRequest;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a command's failure means outside.
 *
 * @param exitCode as DESIGN.md gives them; 1 for what should not happen
 * @param message one sentence or more for people
 */
record Failure(int exitCode, String message) {

  private static final Logger LOG = LoggerFactory.getLogger(Failure.class);

  private static final int INTERNAL = 1;
  private static final int INVALID = 2;
  private static final int BAD_DATA = 3;
  private static final int CLUSTER = 4;
  private static final int HELD = 5;

  /** Explains an exception by the first of its causes that says something to people. */
  static Failure of(Throwable thrown) {
    if (thrown instanceof SavingFailedException) {
      return new Failure(
          of(thrown.getCause()).exitCode(),
          withSuppressed(thrown, "the run was stopped, and " + thrown.getMessage()));
    }
    // What failed on an executor arrives as the cause of Spark's own exception.
    Set<Throwable> chain = new LinkedHashSet<>();
    for (Throwable t = thrown; t != null && chain.add(t); t = t.getCause()) {}
    for (Throwable t : chain) {
      Optional<Integer> code = codeOf(t);
      if (code.isPresent()) {
        LOG.debug("failed", thrown);
        return new Failure(code.get(), withSuppressed(thrown, t.getMessage()));
      }
    }
    for (Throwable t : chain) {
      if (t instanceof OutOfMemoryError) {
        LOG.debug("out of memory", thrown);
        return new Failure(CLUSTER, withSuppressed(thrown, outOfMemory(t)));
      }
      if (t instanceof IllegalStateException
          && String.valueOf(t.getMessage()).contains("stopped SparkContext")) {
        LOG.debug("stopped", thrown);
        return new Failure(
            CLUSTER,
            withSuppressed(thrown, "the cluster stopped the application; its log says why"));
      }
      if (t instanceof SparkException) {
        LOG.debug("the cluster failed", thrown);
        return new Failure(CLUSTER, withSuppressed(thrown, "the cluster failed: " + firstLine(t)));
      }
      if (t instanceof DownloadException) {
        LOG.debug("failed", thrown);
        return new Failure(CLUSTER, withSuppressed(thrown, t.getMessage()));
      }
      if (t instanceof IOException) {
        LOG.debug("failed", thrown);
        return new Failure(CLUSTER, withSuppressed(thrown, storeMessage(t)));
      }
    }
    LOG.error("failed for an unknown reason", thrown);
    return new Failure(
        INTERNAL, withSuppressed(thrown, "this should not have happened: " + thrown));
  }

  private static Optional<Integer> codeOf(Throwable t) {
    if (t instanceof InterruptedRunException) {
      return Optional.of(StopRequest.EXIT_CODE);
    }
    if (t instanceof RunHeldException) {
      return Optional.of(HELD);
    }
    if (t instanceof InvalidRequestException
        || t instanceof ConfigurationException
        || t instanceof InvalidModelException) {
      return Optional.of(INVALID);
    }
    if (t instanceof BadDataException
        || t instanceof DamagedCheckpointException
        || t instanceof DivergedException) {
      return Optional.of(BAD_DATA);
    }
    if (t instanceof ProfileMismatchException) {
      return Optional.of(CLUSTER);
    }
    return Optional.empty();
  }

  private static String outOfMemory(Throwable t) {
    return ("this process ran out of memory (%s; its heap has %d MiB): CONVOY_HEAP or"
            + " spark.driver.memory sets the heap, and `doctor` says what a run needs")
        .formatted(t.getMessage(), Runtime.getRuntime().maxMemory() >> 20);
  }

  /** Spark's messages go on with stack traces, which the log has. */
  private static String firstLine(Throwable t) {
    return Optional.ofNullable(t.getMessage())
        .flatMap(m -> m.lines().findFirst())
        .orElse(t.toString());
  }

  private static String storeMessage(Throwable t) {
    String reason = t.getMessage();
    if (t instanceof FileSystemException file && file.getReason() == null) {
      reason = t.getClass().getSimpleName() + ": " + file.getFile();
    }
    return "the store failed: " + reason;
  }

  /** What went wrong while a failing run was being saved or closed belongs to the story. */
  private static String withSuppressed(Throwable thrown, String message) {
    StringBuilder text = new StringBuilder(String.valueOf(message));
    for (Throwable suppressed : thrown.getSuppressed()) {
      text.append(System.lineSeparator())
          .append(
              suppressed instanceof SavingFailedException
                  ? "and " + suppressed.getMessage()
                  : "and what was open could not be closed: " + firstLine(suppressed));
    }
    return text.toString();
  }
}
