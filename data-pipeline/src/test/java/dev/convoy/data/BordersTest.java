package dev.convoy.data;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "dev.convoy.data", importOptions = DoNotIncludeTests.class)
final class BordersTest {
  @ArchTest
  static final ArchRule NO_DEEP_LEARNING_HERE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.deeplearning4j..", "org.nd4j..", "org.datavec..")
          .because("the data pipeline is used without a network");

  @ArchTest
  static final ArchRule IMPORTS_NO_OTHER_MODULE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.convoy.models..", "dev.convoy.trainer..");

  @ArchTest
  static final ArchRule SPARK_ONLY_WHERE_JOBS_RUN =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.convoy.data.ingest..", "dev.convoy.data.sql..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.spark..", "scala..");

  @ArchTest
  static final ArchRule HADOOP_ONLY_WHERE_FILES_ARE =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "dev.convoy.data.storage..", "dev.convoy.data.dataset..", "dev.convoy.data.ingest..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.hadoop..");

  @ArchTest
  static final ArchRule PARQUET_ONLY_IN_DATASET =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.convoy.data.dataset..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.apache.parquet..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.convoy.data.(*)..").should().beFreeOfCycles();
}
