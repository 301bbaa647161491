package dev.convoy.trainer.doctor;

import java.util.ArrayList;
import java.util.List;

/** One Java on all machines: Spark sends code from one to the other. */
final class JavaCheck implements Check<JavaCheck.JavaRuntime> {

  private static final int OLDEST = 17;

  /**
   * A process's Java.
   *
   * @param feature its feature release, such as 17
   * @param version all of its version
   */
  record JavaRuntime(int feature, String version) {

    static JavaRuntime here() {
      return new JavaRuntime(Runtime.version().feature(), Runtime.version().toString());
    }
  }

  @Override
  public String name() {
    return "java";
  }

  @Override
  public Probe<JavaRuntime> probe() {
    return JavaRuntime::here;
  }

  @Override
  public Class<JavaRuntime> answer() {
    return JavaRuntime.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public List<Verdict> judge(List<Found<JavaRuntime>> answers) {
    int driver = JavaRuntime.here().feature();
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<JavaRuntime> found : answers) {
      JavaRuntime java = found.value();
      String detail = "Java " + java.version();
      if (java.feature() < OLDEST) {
        verdicts.add(
            Verdict.fails(
                found.place(), detail, "Convoy needs Java %d: set JAVA_HOME".formatted(OLDEST)));
      } else if (java.feature() != driver) {
        verdicts.add(
            Verdict.fails(
                found.place(),
                detail,
                "the driver has Java %d: give all machines the same, by JAVA_HOME or spark.executorEnv.JAVA_HOME"
                    .formatted(driver)));
      } else {
        verdicts.add(Verdict.ok(found.place(), detail));
      }
    }
    return verdicts;
  }
}
