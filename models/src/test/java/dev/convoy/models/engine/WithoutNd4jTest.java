package dev.convoy.models.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.OtherJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A plan trains, optimiser included, in a process that has neither ND4J nor DL4J. */
class WithoutNd4jTest {

  @Test
  void trainsInAProcessWithoutNd4j() throws IOException, InterruptedException {
    // Jar by jar, so that there is something to leave out.
    assertThat(System.getProperty("java.class.path")).contains("nd4j", "dnnl");
    List<Double> losses =
        OtherJvm.run(
                entry -> !entry.matches(".*(nd4j|deeplearning4j|datavec).*"),
                HandWrittenNetwork.class)
            .stream()
            .filter(line -> line.startsWith("loss "))
            .map(line -> Double.valueOf(line.substring("loss ".length())))
            .toList();
    assertThat(losses).hasSize(HandWrittenNetwork.STEPS);
    assertThat(losses.get(losses.size() - 1)).isLessThan(0.2 * losses.get(0));
  }
}
