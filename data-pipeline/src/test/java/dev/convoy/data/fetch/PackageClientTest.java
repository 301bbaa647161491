package dev.convoy.data.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageClientTest {
  private static final PackageSource SOURCE = PackageSource.npm("pictures@1.2.3", "0".repeat(64));

  @TempDir private Path programs;
  @TempDir private Path folder;
  private PackageClient client;

  @BeforeEach
  void onlyTheFakeIsOnThePath() {
    client = new PackageClient(programs.toString());
  }

  @Test
  void theArchiveIsWhatTheClientWrote() throws Exception {
    npm("#!/bin/sh\necho archive > pictures-1.2.3.tgz\n");
    assertThat(client.download(SOURCE, folder)).hasContent("archive\n");
  }

  @Test
  void aFailureNamesClientPackageAndRemedy() throws Exception {
    npm("#!/bin/sh\necho no route to registry >&2\nexit 7\n");
    assertThatThrownBy(() -> client.download(SOURCE, folder))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "npm could not download pictures@1.2.3 (exit code 7). Try \"npm pack --silent"
                + " pictures@1.2.3\" by hand: its settings must name a registry or mirror that this"
                + " machine reaches; or give an already downloaded pictures-1.2.3.tgz with"
                + " --archive. It said last:\nno route to registry");
  }

  @Test
  void aClientThatSucceedsWithoutAnArchiveFails() throws Exception {
    npm("#!/bin/sh\nexit 0\n");
    assertThatThrownBy(() -> client.download(SOURCE, folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("npm could not download pictures@1.2.3 (exit code 0). Try")
        .hasMessageEndingWith("It said nothing.");
  }

  @Test
  void aClientThatDoesNotStartFails() throws Exception {
    npm("#!/nowhere/sh\n");
    assertThatThrownBy(() -> client.download(SOURCE, folder))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("npm could not download pictures@1.2.3 (it does not start: ")
        .hasMessageEndingWith("with --archive.");
  }

  private void npm(String script) throws IOException {
    Path program = Files.writeString(programs.resolve("npm"), script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
