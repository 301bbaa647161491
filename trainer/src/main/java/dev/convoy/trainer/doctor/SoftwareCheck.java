package dev.convoy.trainer.doctor;

import dev.convoy.data.CodeVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * One Java on all machines, since Spark sends code from one to the other, and one Convoy, since
 * equal bits are a matter of equal code.
 */
final class SoftwareCheck implements Check<SoftwareCheck.Software> {

  private static final int OLDEST = 17;

  private final Software driver = Software.here();

  /**
   * What a process runs.
   *
   * @param feature Java's feature release, such as 17
   * @param java all of its version
   * @param convoy version and commit
   */
  record Software(int feature, String java, String convoy) {

    static Software here() {
      return new Software(
          Runtime.version().feature(),
          Runtime.version().toString(),
          CodeVersion.current().toString());
    }
  }

  @Override
  public String name() {
    return "software";
  }

  @Override
  public Probe<Software> probe() {
    return Software::here;
  }

  @Override
  public Class<Software> answer() {
    return Software.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public List<Verdict> judge(List<Found<Software>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Software> found : answers) {
      verdicts.add(judge(found.place(), found.value()));
    }
    return verdicts;
  }

  private Verdict judge(Place place, Software software) {
    String detail = "Java %s, Convoy %s".formatted(software.java(), software.convoy());
    if (software.feature() < OLDEST) {
      return Verdict.fails(place, detail, "Convoy needs Java %d: set JAVA_HOME".formatted(OLDEST));
    }
    if (software.feature() != driver.feature()) {
      return Verdict.fails(
          place,
          detail,
          "the driver has Java %d: give all machines the same, by JAVA_HOME or spark.executorEnv.JAVA_HOME"
              .formatted(driver.feature()));
    }
    if (!software.convoy().equals(driver.convoy())) {
      return Verdict.warning(
          place,
          detail,
          "the driver has Convoy %s: copy its build to all machines, or results may differ in their last bits"
              .formatted(driver.convoy()));
    }
    return Verdict.ok(place, detail);
  }
}
