package dev.convoy.trainer.gpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * NVIDIA's driver as far as discovery sees it: an {@code nvidia-smi} that lists what it is told.
 */
public final class PretendedDriver {

  private final Path folder;

  /** A driver in a folder that becomes a part of the PATH. */
  public PretendedDriver(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** Lets {@code nvidia-smi} print a text and end with a code. */
  public void says(String text, int code) throws IOException {
    Path program = folder.resolve("nvidia-smi");
    Files.writeString(
        program,
        """
        #!/bin/sh
        [ "$*" = "-L" ] || exit 99
        cat <<'END'
        %s
        END
        exit %d
        """
            .formatted(text, code));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Lets it list whole GPUs. */
  public void lists(String... uuids) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < uuids.length; i++) {
      text.append("GPU %d: NVIDIA A100-SXM4-40GB (UUID: %s)%n".formatted(i, uuids[i]));
    }
    says(text.toString(), 0);
  }

  /** The folder with the program. */
  public Path folder() {
    return folder;
  }

  /** The script that Spark runs on each machine. */
  public static Path discoveryScript() {
    return Path.of("..", "deploy", "gpu-discovery.sh").toAbsolutePath().normalize();
  }
}
