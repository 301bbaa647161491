package dev.convoy.trainer.run;

import dev.convoy.data.CodeVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/**
 * The versions that have a say in a result's bits.
 *
 * @param convoy version and commit of this code
 * @param java version of the virtual machine
 * @param spark version
 * @param dl4j version
 */
public record SoftwareVersions(String convoy, String java, String spark, String dl4j) {

  /**
   * Of this process.
   *
   * @param spark version of the Spark that it runs on, which this package does not see
   */
  public static SoftwareVersions current(String spark) {
    Properties build = new Properties();
    try (InputStream in = SoftwareVersions.class.getResourceAsStream("/convoy-build.properties")) {
      build.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("convoy-build.properties is missing from the jar", e);
    }
    return new SoftwareVersions(
        CodeVersion.current().toString(),
        Runtime.version().toString(),
        spark,
        build.getProperty("dl4j.version"));
  }
}
