package dev.convoy.trainer.doctor;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.apache.spark.SparkException;

/** Why something failed, in one line for people. */
final class Reasons {

  private Reasons() {}

  /** The message of an exception that has one for people; with its kind in front where not. */
  static String of(Throwable thrown) {
    String message = String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    boolean written =
        thrown.getClass().getName().startsWith("dev.convoy.")
            || thrown instanceof SparkException
            || (thrown instanceof IOException && !(thrown instanceof FileSystemException));
    if (thrown.getMessage() == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    return written ? message : thrown.getClass().getSimpleName() + ": " + message;
  }
}
