package dev.convoy.models;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What this module must not see. */
@AnalyzeClasses(
    packages = "dev.convoy.models",
    importOptions = ImportOption.DoNotIncludeTests.class)
class BordersTest {

  @ArchTest
  static final ArchRule NO_CLUSTER =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.apache.spark..", "org.apache.hadoop..", "scala..", "com.esotericsoftware..")
          .because("models runs without a cluster");

  @ArchTest
  static final ArchRule NO_OTHER_MODULE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.convoy.data..", "dev.convoy.trainer..")
          .because("the trainer imports models, not the other way round");

  @ArchTest
  static final ArchRule FORMAT_WITHOUT_NETWORKS =
      noClasses()
          .that()
          .resideInAnyPackage("dev.convoy.models.safetensors..", "dev.convoy.models.hdf5..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
          .because("a weight file is data, whoever computes with it");

  @ArchTest
  static final ArchRule BACKEND_WITHOUT_DL4J =
      noClasses()
          .that()
          .resideInAPackage("dev.convoy.models.engine.onednn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.deeplearning4j..")
          .because("a compiled plan runs without DL4J and ND4J");

  @ArchTest
  static final ArchRule FORM_WITHOUT_LIBRARIES =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.convoy.models.engine",
              "dev.convoy.models.engine.ir..",
              "dev.convoy.models.engine.autodiff..",
              "dev.convoy.models.engine.passes..",
              "dev.convoy.models.engine.memory..",
              "dev.convoy.models.engine.backend..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "org.nd4j..",
              "org.deeplearning4j..",
              "org.bytedeco..",
              "dev.convoy.models.engine.onednn..",
              "dev.convoy.models.engine.dl4j..")
          .because("another backend and another front come without a change to them");
}
