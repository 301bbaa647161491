package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.data.CodeVersion;
import dev.convoy.data.dataset.Dataset;
import dev.convoy.data.dataset.DatasetManifest;
import dev.convoy.data.dataset.Example;
import dev.convoy.data.dataset.ManifestJson;
import dev.convoy.data.dataset.ShardEntry;
import dev.convoy.data.dataset.Split;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.text.Normalizer;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IngestTest {
  @TempDir private Path temp;
  private Path input;
  private Path output;

  @BeforeEach
  void folders() throws IOException {
    input = Files.createDirectory(temp.resolve("in"));
    output = temp.resolve("out");
  }

  private IngestOptions options() {
    return IngestOptions.of(input.toString(), output.toString());
  }

  private static IngestResult ingest(IngestOptions options) throws IOException {
    return new Ingest(7).run(LocalSpark.session(), options);
  }

  private static Dataset open(Path folder) throws IOException {
    return Dataset.open(folder.toString(), new Configuration());
  }

  private static Map<String, Example> examples(Dataset dataset) throws IOException {
    Map<String, Example> examples = new TreeMap<>();
    for (ShardEntry shard : dataset.manifest().shards()) {
      for (Example example : dataset.reader().read(shard)) {
        assertThat(examples.put(example.id(), example)).as(example.id()).isNull();
      }
    }
    return examples;
  }

  @Test
  void everyImageComesBackWithItsBytesAndLabel() throws IOException {
    Pictures.fill(input, 20, "cat", "dog/deep/below");
    Pictures.put(input, "cat/GREY.JPeG", Pictures.greyJpeg(1, 30, 5));

    IngestResult result = ingest(options().withShares(0.2, 0.2).withShardBytes(2000));

    Dataset dataset = open(output);
    assertThat(result.outcome()).isEqualTo(IngestResult.Outcome.WRITTEN);
    assertThat(dataset.manifest()).isEqualTo(result.manifest());
    assertThat(dataset.manifest().codeVersion()).isEqualTo(CodeVersion.current().toString());
    assertThat(dataset.manifest().classes()).containsExactly("cat", "dog");
    Map<String, Example> examples = examples(dataset);
    assertThat(examples).hasSize(41);
    for (Example example : examples.values()) {
      assertThat(example.bytes()).isEqualTo(Files.readAllBytes(input.resolve(example.id())));
      assertThat(example.label()).isEqualTo(example.id().startsWith("cat/") ? 0 : 1);
    }
    assertThat(dataset.manifest().shards().size()).isGreaterThan(3);
    assertThat(dataset.manifest().images().maxWidth()).isEqualTo(30);
    assertThat(dataset.manifest().images().grey()).isEqualTo(1);
    assertThat(dataset.manifest().images().colour()).isEqualTo(40);
    assertThat(Stream.of(Split.values()).mapToLong(dataset.manifest()::examples).sum())
        .isEqualTo(41);
  }

  @Test
  void namesAreTakenAsTheyAre() throws IOException {
    String composed = Normalizer.normalize("caf\u00e9", Normalizer.Form.NFC);
    String decomposed = Normalizer.normalize("caf\u00e9", Normalizer.Form.NFD);
    List<String> ids =
        List.of(
            composed + "/100% a#b+c:d?e.png",
            decomposed + "/%20.png",
            "two words/\u732b \ud83d\ude00.png",
            "a:b/x&y=z[1]{2}*.png",
            "a:b/new\nline,\"quoted\".png");
    for (String id : ids) {
      Pictures.put(input, id, Pictures.png(id.hashCode(), 4, 4));
    }
    Pictures.put(input, "a:b/.hidden.png", new byte[1]);
    Pictures.put(input, "a:b/._resource.png", new byte[1]);
    Pictures.put(input, "_folder/x.png", new byte[1]);
    Pictures.put(input, "a:b/notes.txt", new byte[1]);

    IngestResult result = ingest(options());

    assertThat(examples(open(output)).keySet()).containsExactlyInAnyOrderElementsOf(ids);
    assertThat(result.manifest().classes())
        .containsExactly("a:b", decomposed, composed, "two words");
    assertThat(result.hidden()).isEqualTo(3);
    assertThat(result.others()).isEqualTo(1);
  }

  @Test
  void shardsAreTheSameBytesForAnyNumberOfTasks() throws IOException {
    Pictures.fill(input, 25, "a", "b", "c");
    Path second = temp.resolve("second");
    IngestOptions first = options().withShares(0.1, 0.1).withShardBytes(3000);

    IngestResult one = new Ingest(1).run(LocalSpark.session(), first);
    IngestResult all =
        new Ingest(1000)
            .run(
                LocalSpark.session(),
                new IngestOptions(
                    input.toString(), second.toString(), Layout.AUTO, 0.1, 0.1, 0.01, 3000));

    assertThat(all.manifest().shards()).isEqualTo(one.manifest().shards());
    for (ShardEntry shard : one.manifest().shards()) {
      String file = "versions/" + one.manifest().version() + "/" + shard.file();
      assertThat(second.resolve(file)).hasSameBinaryContentAs(output.resolve(file));
    }
  }

  @Test
  void shardsKeepTheirSizeAndMixTheClasses() throws IOException {
    Pictures.fill(input, 60, "a", "b");
    ingest(options().withShardBytes(6000));

    Dataset dataset = open(output);
    for (ShardEntry shard : dataset.manifest().shards()) {
      List<Example> examples = dataset.reader().read(shard);
      assertThat(examples.stream().mapToInt(example -> example.bytes().length).sum())
          .isLessThanOrEqualTo(6000);
      assertThat(examples.stream().map(Example::label).distinct()).hasSize(2);
    }
  }

  @Test
  void sparkReadsShardsAsATable() throws IOException {
    Pictures.fill(input, 3, "a", "b");
    String version = ingest(options()).manifest().version();

    var table =
        LocalSpark.session()
            .read()
            .parquet(output.resolve("versions/" + version).toString() + "/*.parquet");

    assertThat(table.columns())
        .containsExactly("id", "label", "class", "image", "sha256", "width", "height", "channels");
    assertThat(table.where("class = 'b' and label = 1 and width >= 8").count()).isEqualTo(3);
  }

  @Test
  void theSameContentIsNoNewVersionAndOtherContentIs() throws IOException {
    Pictures.fill(input, 4, "a", "b");
    IngestResult first = ingest(options());
    IngestResult again = ingest(options());
    assertThat(again.outcome()).isEqualTo(IngestResult.Outcome.UNCHANGED);
    assertThat(again.manifest()).isEqualTo(first.manifest());

    IngestResult otherSettings = ingest(options().withShardBytes(1024));
    Pictures.put(input, "a/more.png", Pictures.png(99, 5, 5));
    IngestResult otherContent = ingest(options().withShardBytes(1024));

    assertThat(otherSettings.manifest().version()).startsWith("00002-");
    assertThat(otherSettings.manifest().fingerprint()).isEqualTo(first.manifest().fingerprint());
    assertThat(otherContent.manifest().version()).startsWith("00003-");
    assertThat(otherContent.manifest().fingerprint()).isNotEqualTo(first.manifest().fingerprint());
    assertThat(open(output).versions()).hasSize(3);
    assertThat(Dataset.open(output.toString(), "1", new Configuration()).manifest())
        .isEqualTo(first.manifest());
    assertThat(filesBelow(output)).noneMatch(file -> file.endsWith(".claim"));
  }

  @Test
  void lostShardsAreWrittenAgain() throws IOException {
    Pictures.fill(input, 30, "a", "b");
    IngestOptions options = options().withShardBytes(3000);
    DatasetManifest first = ingest(options).manifest();
    Path version = output.resolve("versions/" + first.version());
    Path missing = version.resolve(first.shards().get(0).file());
    Path cutOff = version.resolve(first.shards().get(1).file());
    byte[] bytes = Files.readAllBytes(missing);
    Files.delete(missing);
    Files.write(cutOff, new byte[10]);

    IngestResult again = ingest(options);

    assertThat(again.outcome()).isEqualTo(IngestResult.Outcome.RESTORED);
    assertThat(again.manifest()).isEqualTo(first);
    assertThat(missing).hasBinaryContent(bytes);
    assertThat(examples(open(output))).hasSize(60);
    assertThat(ingest(options).outcome()).isEqualTo(IngestResult.Outcome.UNCHANGED);
  }

  @Test
  void shardsThatComeOutOtherwiseMakeANewVersion() throws IOException {
    Pictures.fill(input, 5, "a", "b");
    DatasetManifest first = ingest(options()).manifest();
    Path manifest = output.resolve("versions/" + first.version() + "/manifest.json");
    // As if another Parquet library had written it.
    ShardEntry shard = first.shards().get(0);
    ShardEntry other =
        new ShardEntry(
            shard.split(), shard.file(), shard.examples(), shard.bytes() - 1, "0".repeat(64));
    Files.write(manifest, ManifestJson.write(withShards(first, List.of(other))));
    Files.delete(manifest.resolveSibling(shard.file()));

    IngestResult again = ingest(options());

    assertThat(again.outcome()).isEqualTo(IngestResult.Outcome.WRITTEN);
    assertThat(again.manifest().version()).startsWith("00002-");
    assertThat(again.warnings()).anyMatch(w -> w.contains("a new version has this content"));
    assertThat(manifest.resolveSibling(shard.file())).doesNotExist();
  }

  private static DatasetManifest withShards(DatasetManifest manifest, List<ShardEntry> shards) {
    return new DatasetManifest(
        manifest.formatVersion(),
        manifest.version(),
        manifest.fingerprint(),
        manifest.classes(),
        manifest.counts(),
        shards,
        manifest.settings(),
        manifest.images(),
        manifest.source(),
        manifest.rejects(),
        manifest.created(),
        manifest.codeVersion());
  }

  @Test
  void aDamagedManifestIsPassedOver() throws IOException {
    Pictures.fill(input, 5, "a", "b");
    String first = ingest(options()).manifest().version();
    Path manifest = output.resolve("versions/" + first + "/manifest.json");
    Files.writeString(manifest, Files.readString(manifest).replace("\"a\"", "\"c\""));

    IngestResult again = ingest(options());

    assertThat(again.manifest().version()).startsWith("00002-");
    assertThat(again.warnings()).anyMatch(w -> w.contains("the newest cannot be read"));
    assertThat(examples(open(output))).hasSize(10);
  }

  @Test
  void warnsOfLostClassesAndOfImagesInTwoSplits() throws IOException {
    Pictures.fill(input, 9, "train/a", "train/b", "test/a");
    Files.copy(input.resolve("train/b/3.png"), input.resolve("test/a/copy.png"));
    Files.copy(input.resolve("train/b/3.png"), input.resolve("train/a/copy.png"));
    Pictures.put(input, "train/c/broken.png", new byte[3]);

    IngestResult result = ingest(options().withMaxRejectShare(0.1));

    assertThat(result.manifest().classes()).containsExactly("a", "b");
    assertThat(result.warnings())
        .contains("No image of the class c could be read; the dataset has no such class")
        .anyMatch(
            w ->
                w.startsWith("1 image stands in more than one split with the same bytes, ")
                    && w.contains("test/a/copy.png (test)"));
  }

  @Test
  void officialSplitsAreKept() throws IOException {
    Pictures.fill(input, 10, "train/a", "train/b");
    Pictures.fill(input, 5, "test/a", "test/b");

    DatasetManifest manifest = ingest(options().withShares(0.3, 0.5)).manifest();

    assertThat(manifest.classes()).containsExactly("a", "b");
    assertThat(manifest.examples(Split.TEST)).isEqualTo(10);
    assertThat(manifest.examples(Split.VALIDATION)).isBetween(1L, 15L);
    assertThat(manifest.examples(Split.TRAIN) + manifest.examples(Split.VALIDATION)).isEqualTo(20);
    assertThat(examples(open(output)).keySet()).contains("train/a/0.png", "test/b/4.png");
    assertThat(manifest.settings().testShare()).isZero();
  }

  @Test
  void splitNamesAreClassesWhenToldSo() throws IOException {
    Pictures.fill(input, 3, "train/x", "test/x");
    DatasetManifest manifest = ingest(options().withLayout(Layout.CLASSES)).manifest();
    assertThat(manifest.classes()).containsExactly("test", "train");
  }

  @Test
  void furtherImagesMoveNone() throws IOException {
    Pictures.fill(input, 30, "a", "b");
    IngestOptions options = options().withShares(0.25, 0.25);
    ingest(options);
    Map<String, Split> before = splits(open(output));
    Pictures.fill(input, 60, "a", "b", "c");
    ingest(options);

    assertThat(splits(open(output))).hasSize(180).containsAllEntriesOf(before);
  }

  private static Map<String, Split> splits(Dataset dataset) throws IOException {
    Map<String, Split> splits = new TreeMap<>();
    for (ShardEntry shard : dataset.manifest().shards()) {
      dataset.reader().read(shard).forEach(example -> splits.put(example.id(), shard.split()));
    }
    return splits;
  }

  @Test
  void aFewRejectsAreListed() throws IOException {
    Pictures.fill(input, 10, "a", "b");
    Pictures.put(input, "a/not, an \"image\".png", "hello".getBytes(StandardCharsets.UTF_8));
    Pictures.put(input, "b/empty.jpg", new byte[0]);
    try (RandomAccessFile film = new RandomAccessFile(input.resolve("b/film.png").toFile(), "rw")) {
      film.setLength(3L << 30); // sparse
    }

    IngestResult result = ingest(options().withMaxRejectShare(0.2));

    assertThat(result.manifest().rejects()).isEqualTo(3);
    assertThat(result.listed()).isEqualTo(23);
    String csv =
        Files.readString(
            output.resolve("versions/" + result.manifest().version() + "/rejects.csv"));
    assertThat(csv)
        .startsWith("path,reason\r\n\"a/not, an \"\"image\"\".png\",")
        .contains("b/empty.jpg,the file is empty\r\n")
        .contains("b/film.png,it has 3221225472 bytes;");
  }

  @Test
  void aVersionWithoutManifestDoesNotExist() throws IOException {
    Pictures.fill(input, 4, "a", "b");
    String first = ingest(options()).manifest().version();
    Path killed = output.resolve("versions/00002-0123456789ab");
    Files.createDirectories(killed);
    Files.write(killed.resolve("train-00000.parquet"), new byte[100]);
    assertThat(open(output).manifest().version()).isEqualTo(first);

    Pictures.put(input, "a/more.png", Pictures.png(99, 5, 5));
    assertThat(ingest(options()).manifest().version()).startsWith("00003-");
    assertThat(killed).as("it may still be at work").isDirectory();

    FileTime longAgo = FileTime.from(Instant.now().minus(2, ChronoUnit.DAYS));
    Files.setLastModifiedTime(killed.resolve("train-00000.parquet"), longAgo);
    Pictures.put(input, "a/evenmore.png", Pictures.png(98, 5, 5));
    assertThat(ingest(options()).manifest().version()).startsWith("00004-");
    assertThat(killed).doesNotExist();
  }

  @Test
  void theSummaryShowsWhatThereIs() throws IOException {
    Pictures.fill(input, 4, "a", "b");
    String text = openAfterIngest().summary().text();
    assertThat(text)
        .contains("00001-")
        .contains("8 to 10 wide, 8 high; 0 grey, 8 colour")
        .containsPattern("train +8 +1 ")
        .containsPattern("1 +4 +0 +0  b");
  }

  private Dataset openAfterIngest() throws IOException {
    ingest(options());
    return open(output);
  }

  static List<String> filesBelow(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return new ArrayList<>(
          files
              .filter(Files::isRegularFile)
              .map(file -> folder.relativize(file).toString())
              .toList());
    }
  }
}
