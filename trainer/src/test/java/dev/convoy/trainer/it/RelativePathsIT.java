package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Paths without a beginning are those of the folder in which a command was started, on executors
 * and in later commands, too.
 */
@ExtendWith(ReferenceRunExtension.class)
final class RelativePathsIT {

  @RegisterExtension private final Processes processes = new Processes();
  @TempDir private Path folder;

  @Test
  void executorsAndLaterCommandsFindThem(ReferenceRun reference) throws Exception {
    Path here = folder.toRealPath();
    Path dataset = here.relativize(reference.dataset().toRealPath());
    JsonNode trained =
        in(
                here,
                "train",
                "--config=" + reference.configuration(),
                "--set=dataset=" + dataset,
                "--set=run=run",
                "--set=epochs=1",
                "--master=local[2,4]")
            .result();
    JsonNode named =
        in(
                here,
                "predict",
                "--checkpoint=run",
                "--input=" + here.relativize(reference.drawings().toRealPath()),
                "--output=names.csv",
                "--master=local-cluster[1,1,1024]")
            .result();
    assertThat(named.path("examples").asInt()).isPositive();
    assertThat(named.path("unreadable").asInt()).isZero();
    assertThat(named.path("output").asText()).isEqualTo("file:" + here.resolve("names.csv"));
    JsonNode resumed =
        in(Path.of("/"), "resume", "--run=" + here.resolve("run"), "--master=local[2,4]").result();
    assertThat(resumed.path("parameters_sha256")).isEqualTo(trained.path("parameters_sha256"));
  }

  private RunningProcess in(Path directory, String verb, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of(verb, "--json"));
    arguments.addAll(List.of(options));
    List<String> command = new ArrayList<>(List.of("env", "--chdir=" + directory));
    command.addAll(Distribution.convoy(arguments.toArray(String[]::new)));
    return processes.start(verb, folder, command);
  }
}
