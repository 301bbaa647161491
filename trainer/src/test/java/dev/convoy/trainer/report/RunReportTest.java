package dev.convoy.trainer.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.trainer.evaluation.ConfusionMatrix;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

final class RunReportTest {
  private static final List<String> DIGITS =
      IntStream.range(0, 10).mapToObj(String::valueOf).toList();

  /** A run as one would look, with made-up figures. */
  static ReportData run(List<String> classes, int rounds, int epochs, String text) {
    List<RoundPoint> roundPoints = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      double epoch = (i + 1.0) * epochs / rounds;
      double noise = Math.sin(i * 12.9898) * 0.1;
      roundPoints.add(
          new RoundPoint(
              i,
              epoch,
              2.3 * Math.exp(-epoch / epochs * 3) + 0.2 + noise,
              0.1 * Math.pow(0.1, Math.floor(3 * epoch / (epochs + 1))),
              15_000 + 2_000 * noise * 10));
    }
    List<EpochPoint> epochPoints = new ArrayList<>();
    for (int i = 1; i <= epochs; i++) {
      double left = Math.exp(-3.0 * i / epochs);
      boolean evaluated = i % 2 == 0;
      epochPoints.add(
          new EpochPoint(
              i,
              2.3 * left + 0.2,
              evaluated ? 1 - 0.6 * left : Double.NaN,
              evaluated ? 1 - 0.1 * left : Double.NaN,
              evaluated ? 2.2 * left + 0.35 : Double.NaN));
    }
    int n = classes.size();
    IntStream.Builder labels = IntStream.builder();
    IntStream.Builder predictions = IntStream.builder();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        int count = i == j ? 900 + i : (i * 7 + j * 3) % 5 == 0 ? i + j : 0;
        for (int example = 0; example < count; example++) {
          labels.add(i);
          predictions.add(j);
        }
      }
    }
    return new ReportData(
        "s3a://bucket/runs/" + text,
        "resnet20_cifar" + text,
        "90 epochs, 8 workers, batch 32" + text,
        "validation",
        n == 0 ? List.of() : List.of(new Score("test" + text, 10_000, 0.9231, 0.998, 0.2854)),
        roundPoints,
        epochPoints,
        ConfusionMatrix.of(classes, labels.build().toArray(), predictions.build().toArray()),
        "model: {name: lenet}\n" + text,
        "learning rate 0.1, constant" + text,
        new Provenance(
            "s3a://bucket/flowers" + text,
            "v1" + text,
            "f".repeat(64),
            "e".repeat(64),
            "a".repeat(64),
            "0.1.0" + text,
            "17.0.15" + text,
            "3.5.5" + text,
            "1.0.0-M2.1" + text,
            "cpu float32 1 thread" + text,
            "Linux" + text,
            Instant.parse("2026-01-01T10:00:00Z"),
            Instant.parse("2026-01-01T12:03:04Z"),
            List.of(
                new Provenance.Event(
                    Instant.parse("2026-01-01T11:00:00Z"), "interrupted" + text))));
  }

  private static String html(ReportData data) {
    return new RunReport().render(data);
  }

  private static Document parsed(String html) throws Exception {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
    factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    return factory
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
  }

  private static List<Element> elements(Document document, String name) {
    NodeList nodes = document.getElementsByTagName(name);
    return IntStream.range(0, nodes.getLength()).mapToObj(i -> (Element) nodes.item(i)).toList();
  }

  @Test
  void aReportShowsWhatTheRunDid() throws Exception {
    String html = html(run(DIGITS, 300, 10, ""));
    Document document = parsed(html);
    assertThat(elements(document, "b"))
        .extracting(Element::getTextContent)
        .containsExactly("92.31%", "99.80%", "0.2854", "10,000");
    assertThat(elements(document, "svg"))
        .extracting(svg -> svg.getAttribute("aria-label"))
        .containsExactly("Loss", "Accuracy, validation", "Learning rate", "Speed");
    assertThat(elements(document, "h2"))
        .extracting(Element::getTextContent)
        .containsExactly(
            "Training",
            "Confusion on the test split",
            "Classes",
            "Configuration",
            "Provenance",
            "Interruptions and resumes");
    assertThat(document.getDocumentElement().getTextContent())
        .contains("model: {name: lenet}")
        .contains("s3a://bucket/flowers")
        .contains("f".repeat(64))
        .contains("a".repeat(64))
        .contains("2 h 03 min 04 s")
        .contains("2026-01-01 11:00:00 UTC");
  }

  @Test
  void epochsThatWereNotEvaluatedLeaveNoGaps() throws Exception {
    Document document = parsed(html(run(DIGITS, 10, 200, "")));
    List<Element> lines =
        elements(document, "path").stream()
            .filter(path -> path.getAttribute("class").equals("line s2 fine"))
            .toList();
    assertThat(lines).hasSize(2);
    assertThat(lines).allSatisfy(line -> assertThat(line.getAttribute("d")).containsOnlyOnce("M"));
  }

  @Test
  void theMatrixIsShownCellByCell() throws Exception {
    Document document = parsed(html(run(List.of("cat", "dog", "owl"), 10, 2, "")));
    List<Element> hits =
        elements(document, "td").stream()
            .filter(e -> e.getAttribute("class").equals("hit"))
            .toList();
    assertThat(hits).extracting(Element::getTextContent).containsExactly("900", "901", "902");
    assertThat(hits.get(0).getAttribute("style")).matches("--depth: 0\\.[56]\\d\\d");
    assertThat(
            elements(document, "td").stream().filter(e -> e.getAttribute("class").equals("miss")))
        .hasSize(6);
  }

  @Test
  void manyClassesAreShownByTheirMostConfusedPairs() throws Exception {
    List<String> classes = IntStream.range(0, 31).mapToObj(i -> "class " + i).toList();
    Document document = parsed(html(run(classes, 10, 2, "")));
    assertThat(elements(document, "td").stream().filter(e -> e.getAttribute("class").equals("hit")))
        .isEmpty();
    List<Element> rows = elements(document, "tr");
    assertThat(rows.get(0).getTextContent()).contains("true class").contains("taken for");
    // Classes five apart are taken for each other, i + j times: most often 25 for 30 and back. Of
    // the
    // 925 + 25 * 6 + 80 of class 25 that is 55.
    assertThat(rows.get(1).getTextContent()).isEqualTo("class 25class 30554.76%");
    assertThat(rows.get(2).getTextContent()).startsWith("class 30class 2555");
    // Two heads, 30 pairs, 31 classes, 14 lines of provenance, one event.
    assertThat(rows).hasSize(2 + 30 + 31 + 14 + 1);
  }

  @Test
  void whatComesFromOutsideIsTextAndNothingElse() throws Exception {
    String attack = "<script>alert('&\"')</script>{{run}}\u0000\u0008]]>-->";
    String html = html(run(List.of("a" + attack, "b", "c"), 10, 2, attack));
    Document document = parsed(html);
    assertThat(html).doesNotContain("<script").doesNotContain("\u0000").doesNotContain("\u0008");
    assertThat(elements(document, "script")).isEmpty();
    String readable = attack.replace('\u0000', '\uFFFD').replace('\u0008', '\uFFFD');
    assertThat(document.getDocumentElement().getTextContent())
        .contains("a" + readable)
        .contains("s3a://bucket/runs/" + readable)
        .contains("interrupted" + readable);
  }

  @Test
  void nothingOutsideIsReferredTo() {
    String html = html(run(DIGITS, 300, 10, ""));
    assertThat(html.replace("xmlns=\"http://www.w3.org/2000/svg\"", ""))
        .doesNotContain("http:")
        .doesNotContain("https:")
        .doesNotContain("src=")
        .doesNotContain("href=")
        .doesNotContain("url(")
        .doesNotContain("@import");
  }

  @Test
  void aRunThatWasNeverEvaluatedHasAReportToo() throws Exception {
    ReportData run = run(List.of(), 0, 0, "");
    Document document = parsed(html(run));
    assertThat(elements(document, "svg")).isEmpty();
    assertThat(elements(document, "h2"))
        .extracting(Element::getTextContent)
        .containsExactly("Configuration", "Provenance", "Interruptions and resumes");
  }

  @Test
  void longRunsStaySmall() throws Exception {
    String html = html(run(DIGITS, 200_000, 90, ""));
    assertThat(html.length()).isLessThan(200_000);
    assertThat(elements(parsed(html), "svg")).hasSize(4);
  }
}
