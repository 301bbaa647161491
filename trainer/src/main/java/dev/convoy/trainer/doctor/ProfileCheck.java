package dev.convoy.trainer.doctor;

import dev.convoy.models.training.ComputeProfile;
import dev.convoy.models.training.DeviceChoice;
import dev.convoy.models.training.PrecisionChoice;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.executor.ExecutorProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All executors compute the same bits, and in what the configuration asks for. */
final class ProfileCheck implements Check<ComputeProfile> {

  private final ConvoyConfig config;

  ProfileCheck(ConvoyConfig config) {
    this.config = config;
  }

  @Override
  public String name() {
    return "profile";
  }

  @Override
  public Probe<ComputeProfile> probe() {
    DeviceChoice device = config.device();
    int threads = config.threads();
    PrecisionChoice precision = config.precision();
    return () -> ExecutorProfile.resolve(device, threads, precision);
  }

  @Override
  public Class<ComputeProfile> answer() {
    return ComputeProfile.class;
  }

  @Override
  public String advice() {
    return "set device, precision and threads to what every executor has";
  }

  @Override
  public List<Verdict> judge(List<Found<ComputeProfile>> answers) {
    Map<ComputeProfile, Integer> counts = new LinkedHashMap<>();
    answers.forEach(found -> counts.merge(found.value(), 1, Integer::sum));
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<ComputeProfile> found : answers) {
      ComputeProfile usual =
          counts.entrySet().stream()
              .max(Comparator.comparingInt(Map.Entry::getValue))
              .orElseThrow()
              .getKey();
      String detail = described(found.value());
      if (found.value().equals(usual)) {
        verdicts.add(Verdict.ok(found.place(), detail));
      } else if (config.allowMixedProfiles()) {
        verdicts.add(
            Verdict.warning(
                found.place(),
                detail + ", which is not what most executors compute with",
                "the run will not be repeatable, as allow_mixed_profiles says"));
      } else {
        verdicts.add(
            Verdict.fails(
                found.place(),
                detail + ", which is not what most executors compute with",
                "use machines of one kind, or set allow_mixed_profiles: true, which makes the run not repeatable"));
      }
    }
    return verdicts;
  }

  private static String described(ComputeProfile profile) {
    return "%s with %d %s by %s on the %s %s"
        .formatted(
            profile.precision(),
            profile.threads(),
            profile.threads() == 1 ? "thread" : "threads",
            profile.backend(),
            profile.device(),
            profile.processor());
  }
}
