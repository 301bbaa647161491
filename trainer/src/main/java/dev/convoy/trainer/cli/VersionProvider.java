package dev.convoy.trainer.cli;

import dev.convoy.trainer.run.SoftwareVersions;
import picocli.CommandLine.IVersionProvider;

/** What {@code convoy --version} prints. */
final class VersionProvider implements IVersionProvider {

  @Override
  public String[] getVersion() {
    SoftwareVersions versions =
        SoftwareVersions.current(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    return new String[] {
      "Convoy " + versions.convoy(),
      "Java " + versions.java() + ", Spark " + versions.spark() + ", DL4J " + versions.dl4j()
    };
  }
}
