package dev.convoy.trainer.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.Travel;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a prediction sends arrives as it was, whichever serializer Spark has. */
final class TravelTest {

  @Test
  void predictions() {
    Prediction[] sent = {
      new Prediction("a.png", List.of("cat", "dog"), List.of(0.75, 0.25), ""),
      new Prediction("b.png", List.of(), List.of(), "no image")
    };
    Travel.check(sent, Prediction[].class, there -> assertThat(there).isEqualTo(sent));
  }
}
