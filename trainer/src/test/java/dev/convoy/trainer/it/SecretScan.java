package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

/** Looks for what must not be written down. */
final class SecretScan {

  private SecretScan() {}

  /** Makes sure that no file below a folder holds one of the secrets, nor its Base64. */
  static void assertNowhere(List<String> secrets, Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(folder)) {
      files = found.filter(Files::isRegularFile).toList();
    }
    assertThat(files).as("files in %s", folder).isNotEmpty();
    for (Path file : files) {
      assertNotIn(secrets, Files.readString(file, StandardCharsets.ISO_8859_1), file.toString());
    }
  }

  /** Makes sure that a text holds none of the secrets, nor its Base64. */
  static void assertNotIn(List<String> secrets, String text, String where) {
    for (String secret : secrets) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      if (text.contains(secret) || text.contains(encoded)) {
        // Without the text, which would only write the secret down once more.
        throw new AssertionError("a credential stands in " + where);
      }
    }
  }
}
