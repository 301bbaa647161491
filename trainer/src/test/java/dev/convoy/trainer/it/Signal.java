package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** What a process can be sent. */
enum Signal {
  /** Ctrl-C. */
  INT,
  /** What a cluster's or a machine's shutdown sends. */
  TERM,
  /** Ends a process on the spot. */
  KILL,
  /** Freezes a process. */
  STOP,
  /** Lets a frozen process go on. */
  CONT;

  /** Sends this to a process, which must exist. */
  void send(long pid) {
    try {
      // The shell's own kill: a separate program of that name is not on every machine.
      Process kill =
          new ProcessBuilder("bash", "-c", "kill -%s %d".formatted(name(), pid))
              .redirectErrorStream(true)
              .start();
      String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(kill.onExit().join().exitValue())
          .as("kill -%s %d: %s", name(), pid, said)
          .isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
