package dev.convoy.trainer.doctor;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.trainer.config.ConvoyConfig;
import dev.convoy.trainer.run.RunHeldException;
import dev.convoy.trainer.training.RunExistsException;
import dev.convoy.trainer.training.TrainingJob;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;

/** Whether a run can begin in its directory; looked at by the driver alone. */
final class RunCheck {

  static final String NAME = "run";

  private RunCheck() {}

  static Verdict verdict(ConvoyConfig config, Configuration hadoop) {
    Place driver = Place.driver("");
    try {
      TrainingJob.requireFree(config, hadoop);
      return Verdict.ok(driver, "no run has begun in " + config.run());
    } catch (RunExistsException e) {
      return Verdict.warning(driver, config.run() + " already holds this run", "resume --run it");
    } catch (RunHeldException e) {
      return Verdict.fails(driver, e.getMessage(), "wait, or choose another run directory");
    } catch (InvalidRequestException e) {
      return Verdict.fails(driver, Reasons.of(e), "choose another run directory");
    } catch (IOException e) {
      return Verdict.fails(driver, Reasons.of(e), "make the run's directory readable");
    }
  }
}
