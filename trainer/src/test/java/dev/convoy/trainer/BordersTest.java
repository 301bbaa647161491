package dev.convoy.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The borders between the modules, and within this one. */
@AnalyzeClasses(packages = "dev.convoy", importOptions = DoNotIncludeTests.class)
final class BordersTest {

  @ArchTest
  static final ArchRule DATA_IMPORTS_NO_OTHER_MODULE =
      noClasses()
          .that()
          .resideInAPackage("dev.convoy.data..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.convoy.models..", "dev.convoy.trainer..");

  @ArchTest
  static final ArchRule MODELS_IMPORT_NO_OTHER_MODULE_AND_NO_SPARK =
      noClasses()
          .that()
          .resideInAPackage("dev.convoy.models..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.convoy.data..",
              "dev.convoy.trainer..",
              "org.apache.spark..",
              "org.apache.hadoop..");

  @ArchTest
  static final ArchRule ALL_CODE_IS_OF_THE_THREE_MODULES =
      classes()
          .should()
          .resideInAnyPackage("dev.convoy.data..", "dev.convoy.models..", "dev.convoy.trainer..");

  @ArchTest
  static final ArchRule SPARK_ONLY_WHERE_JOBS_RUN =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.convoy.trainer",
              "dev.convoy.trainer.averaging..",
              "dev.convoy.trainer.run..",
              "dev.convoy.trainer.checkpoint..",
              "dev.convoy.trainer.schedule..",
              "dev.convoy.trainer.config..",
              "dev.convoy.trainer.report..",
              "dev.convoy.trainer.progress..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..")
          .because("what a run is can be read, checked and tested without a cluster");

  @ArchTest
  static final ArchRule NETWORKS_ONLY_THROUGH_MODELS =
      noClasses()
          .that()
          .resideInAPackage("dev.convoy.trainer..")
          .and()
          .resideOutsideOfPackages(
              "dev.convoy.trainer.dl4j..",
              "dev.convoy.trainer.kryo..",
              "dev.convoy.trainer.benchmark.peer..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.nd4j..", "org.deeplearning4j.nn.conf..", "org.deeplearning4j.nn.api..")
          .because("which engine computes is the models' own business");

  @ArchTest
  static final ArchRule ONLY_THE_COMMAND_LINE_PRINTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.convoy.trainer.cli..")
          .should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule NOTHING_DESERIALISES_JAVA_OBJECTS =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.convoy.data.ingest..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.io.ObjectInputStream")
          .because("data is data; Spark's own RPC is Spark's trust boundary");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.convoy.trainer.(*)..").should().beFreeOfCycles();
}
