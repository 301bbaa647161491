package dev.convoy.trainer.report;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The report of a run as one HTML file: no scripts, no references to anything outside, well-formed
 * as XML too, fit for dark screens and for paper. Everything from outside is escaped.
 */
public final class RunReport {
  private static final String TEMPLATE = "report.html.mustache";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Template template;

  /** Reads the template, which is a part of this library. */
  public RunReport() {
    try (InputStream in = RunReport.class.getResourceAsStream(TEMPLATE)) {
      if (in == null) {
        throw new IllegalStateException("the library lacks its resource " + TEMPLATE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      template = Mustache.compiler().withEscaper(Html::escape).compile(text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the library's resource " + TEMPLATE, e);
    }
  }

  /** Returns the HTML, a pure function of the data. */
  public String render(ReportData data) {
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("model", data.model());
    page.put("run", data.run());
    page.put("summary", data.summary());
    page.put("scores", data.scores().stream().map(RunReport::score).toList());
    List<String> charts = new Charts(data).all();
    page.put("charts", charts);
    page.put("hasCharts", !charts.isEmpty());
    page.put("learningRate", data.learningRate());
    ConfusionTables tables = new ConfusionTables(data.confusion());
    page.put("hasConfusion", !data.confusion().classes().isEmpty());
    page.put("split", data.scores().isEmpty() ? "" : data.scores().get(0).split());
    page.put("matrix", tables.matrix());
    page.put("pairs", tables.pairs());
    page.put("classes", tables.classes());
    page.put("configuration", data.configurationYaml());
    page.put("provenance", provenance(data.provenance()));
    page.put("events", data.provenance().events().stream().map(RunReport::event).toList());
    page.put("hasEvents", !data.provenance().events().isEmpty());
    return template.execute(page);
  }

  private static Map<String, String> score(Score score) {
    return Map.of(
        "split", score.split(),
        "examples", Html.count(score.examples()),
        "top1", Html.percent(score.top1()),
        "top5", Html.percent(score.top5()),
        "loss", Html.number(score.loss(), 4));
  }

  private static Map<String, String> event(Provenance.Event event) {
    return Map.of("time", time(event.time()), "what", event.what());
  }

  private static List<Map<String, String>> provenance(Provenance from) {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.add(row("dataset", from.datasetLocation()));
    rows.add(row("dataset version", from.datasetVersion()));
    rows.add(row("dataset fingerprint", from.datasetFingerprint()));
    rows.add(row("experiment digest", from.experimentDigest()));
    rows.add(row("parameters SHA-256", from.parametersSha256()));
    rows.add(row("Convoy", from.codeVersion()));
    rows.add(row("Java", from.java()));
    rows.add(row("Spark", from.spark()));
    rows.add(row("DL4J", from.dl4j()));
    rows.add(row("compute profile", from.computeProfile()));
    rows.add(row("operating system", from.operatingSystem()));
    rows.add(row("started", time(from.started())));
    rows.add(row("finished", time(from.finished())));
    Duration took = Duration.between(from.started(), from.finished());
    rows.add(
        row(
            "from start to finish",
            String.format(
                Locale.ROOT,
                "%d h %02d min %02d s",
                took.toHours(),
                took.toMinutesPart(),
                took.toSecondsPart())));
    return rows;
  }

  private static Map<String, String> row(String what, String value) {
    return Map.of("what", what, "value", value);
  }

  private static String time(Instant instant) {
    return TIME.format(instant);
  }
}
