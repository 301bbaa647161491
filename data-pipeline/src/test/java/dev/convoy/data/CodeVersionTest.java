package dev.convoy.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Properties;
import org.junit.jupiter.api.Test;

class CodeVersionTest {
  @Test
  void theBuildHasFilledItIn() {
    assertThat(CodeVersion.current().toString())
        .matches("[0-9]+\\.[0-9]+\\.[0-9]+(-SNAPSHOT)? \\(([0-9a-f]{7,}(-dirty)?|unknown)\\)");
  }

  @Test
  void changedFilesAreSaid() {
    assertThat(version("0a1b2c3", "true")).isEqualTo("1.0.0 (0a1b2c3-dirty)");
    assertThat(version("0a1b2c3", "false")).isEqualTo("1.0.0 (0a1b2c3)");
  }

  @Test
  void withoutGitTheCommitIsUnknown() {
    assertThat(version("${git.commit.id.abbrev}", "${git.dirty}")).isEqualTo("1.0.0 (unknown)");
  }

  private static String version(String commit, String dirty) {
    Properties build = new Properties();
    build.setProperty("version", "1.0.0");
    build.setProperty("commit", commit);
    build.setProperty("dirty", dirty);
    return CodeVersion.of(build).toString();
  }
}
