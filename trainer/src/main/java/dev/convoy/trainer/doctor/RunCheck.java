package dev.convoy.trainer.doctor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.config.ConfigurationException;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.RunHeldException;
import dev.convoy.trainer.training.RunExistsException;
import dev.convoy.trainer.training.TrainingJob;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a run can begin in its directory; looked at by the driver alone. */
final class RunCheck {

  static final String NAME = "run";

  private static final Logger LOG = LoggerFactory.getLogger(RunCheck.class);

  private RunCheck() {}

  /** Nothing where the directory cannot be read: that is {@link StoreCheck}'s to say. */
  static List<Verdict> verdicts(ConvoyConfig config, Configuration hadoop) {
    Place driver = Place.driver("");
    try {
      TrainingJob.requireFree(config, hadoop);
      return List.of(Verdict.ok(driver, "no run has begun in " + config.run()));
    } catch (RunExistsException e) {
      return List.of(
          Verdict.warning(driver, config.run() + " already holds this run", "resume --run it"));
    } catch (RunHeldException e) {
      return List.of(
          Verdict.fails(driver, e.getMessage(), "wait, or choose another run directory"));
    } catch (InvalidRequestException | ConfigurationException e) { // the latter: of another version
      return List.of(Verdict.fails(driver, Reasons.of(e), "choose another run directory"));
    } catch (IOException e) {
      LOG.debug("the run's directory cannot be read", e);
      return List.of();
    }
  }
}
