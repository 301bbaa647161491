package dev.convoy.trainer.run;

import dev.convoy.data.CodeVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
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

  /**
   * What is other than it was, such as {@code Java 17.0.9 (was 17.0.2)}; the results' bits may be,
   * too.
   */
  public List<String> differences(SoftwareVersions before) {
    List<String> differences = new ArrayList<>();
    compare(differences, "Convoy", before.convoy, convoy);
    compare(differences, "Java", before.java, java);
    compare(differences, "Spark", before.spark, spark);
    compare(differences, "DL4J", before.dl4j, dl4j);
    return differences;
  }

  private static void compare(List<String> differences, String what, String before, String now) {
    if (!now.equals(before)) {
      differences.add(what + " " + now + " (was " + before + ")");
    }
  }
}
