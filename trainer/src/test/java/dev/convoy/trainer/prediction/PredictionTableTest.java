package dev.convoy.trainer.prediction;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** CSV as RFC 4180 has it. */
final class PredictionTableTest {

  @Test
  void linesEndInCrLfAndFieldsAreQuotedWhereNeeded() {
    String csv =
        csv(
            5,
            new Prediction("a, \"b\".png", List.of("cat", "d,og"), List.of(0.75, 0.25), ""),
            new Prediction("c\nd.png", List.of(), List.of(), "no \"image\""),
            new Prediction("é/ f.png", List.of("d,og", "cat"), List.of(0.6, 0.4), ""));
    assertThat(csv)
        .isEqualTo(
            "path,class_1,probability_1,class_2,probability_2,error\r\n"
                + "\"a, \"\"b\"\".png\",cat,0.750000,\"d,og\",0.250000,\r\n"
                + "\"c\nd.png\",,,,,\"no \"\"image\"\"\"\r\n"
                + "é/ f.png,\"d,og\",0.600000,cat,0.400000,\r\n");
  }

  @Test
  void noMoreColumnsThanAskedFor() {
    String csv = csv(1, new Prediction("a.png", List.of("cat", "dog"), List.of(0.9, 0.1), ""));
    assertThat(csv).isEqualTo("path,class_1,probability_1,error\r\na.png,cat,0.900000,\r\n");
  }

  @Test
  void tableWithoutAnyReadableImageHasNoClassColumns() {
    assertThat(csv(3, new Prediction("a.png", List.of(), List.of(), "broken")))
        .isEqualTo("path,error\r\na.png,broken\r\n");
  }

  @Test
  void numbersDoNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      assertThat(csv(1, new Prediction("a.png", List.of("cat"), List.of(0.5), "")))
          .contains("cat,0.500000,");
    } finally {
      Locale.setDefault(before);
    }
  }

  private static String csv(int named, Prediction... predictions) {
    return new String(PredictionTable.csv(List.of(predictions), named), StandardCharsets.UTF_8);
  }
}
