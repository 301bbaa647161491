package dev.convoy.data.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.data.BadDataException;
import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.dataset.DatasetManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IngestRefusalTest {
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

  private AbstractThrowableAssert<?, ?> refused(IngestOptions options) throws IOException {
    AbstractThrowableAssert<?, ?> refusal =
        assertThatThrownBy(() -> new Ingest().run(LocalSpark.session(), options));
    assertThat(IngestTest.filesBelow(output)).isEmpty();
    return refusal;
  }

  @Test
  void missingInput() throws IOException {
    Files.delete(input);
    refused(options())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining(input.toString())
        .hasMessageContaining("does not exist");
  }

  @Test
  void inputIsAFile() throws IOException {
    Files.delete(input);
    Files.write(input, new byte[3]);
    refused(options())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void emptyInput() throws IOException {
    refused(options()).isInstanceOf(BadDataException.class).hasMessageContaining("is empty");
  }

  @Test
  void noImagesAtAll() throws IOException {
    Pictures.put(input, "a/readme.txt", new byte[3]);
    refused(options()).isInstanceOf(BadDataException.class).hasMessageContaining("no images");
  }

  @Test
  void oneClassOnly() throws IOException {
    Pictures.fill(input, 3, "cat");
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("one class only, cat");
  }

  @Test
  void oneClassOnlyAfterRejects() throws IOException {
    Pictures.fill(input, 3, "cat");
    Pictures.put(input, "dog/x.png", new byte[3]);
    refused(options().withMaxRejectShare(0.5))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("one class only, cat");
  }

  @Test
  void imagesWithoutAClass() throws IOException {
    Pictures.fill(input, 3, "cat", "dog");
    Pictures.put(input, "stray.png", Pictures.png(1, 3, 3));
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("stray.png")
        .hasMessageContaining("named after its class");
  }

  @Test
  void splitNamesWithoutClassFolders() throws IOException {
    Pictures.fill(input, 3, "train", "test");
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("named like a split");
  }

  @Test
  void splitsByOtherNamesOrWithFoldersBesideThem() throws IOException {
    Pictures.fill(input, 3, "train/a", "train/b", "valid/a", "valid/b");
    refused(options())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("The folders train, valid in")
        .hasMessageContaining("may be splits or classes")
        .hasMessageContaining("give the layout classes");
    Files.move(input.resolve("valid"), input.resolve("val"));
    Pictures.fill(input, 1, "devkit/tools");
    refused(options())
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("no other folder beside them");
  }

  @Test
  void classOfTestThatTrainLacks() throws IOException {
    Pictures.fill(input, 3, "train/a", "train/b", "test/a", "test/zebra");
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("test has classes that train lacks: zebra");
  }

  @Test
  void bothNamesOfValidation() throws IOException {
    Pictures.fill(input, 3, "train/a", "train/b", "val/a", "validation/b");
    refused(options()).isInstanceOf(BadDataException.class).hasMessageContaining("both val");
  }

  @Test
  void allBadSettingsAtOnce() {
    assertThatThrownBy(() -> new IngestOptions("in", " ", Layout.AUTO, -0.1, 1.5, 2, 10))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("output is empty")
        .hasMessageContaining("validation share is -0.1")
        .hasMessageContaining("test share is 1.5")
        .hasMessageContaining("rejects is 2.0")
        .hasMessageContaining("shard size is 10 bytes");
    assertThatThrownBy(() -> options().withShares(0.5, 0.5))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("below 1");
    assertThatThrownBy(() -> options().withShares(Double.NaN, 0))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void outputInsideInputAndInputInsideOutput() throws IOException {
    Pictures.fill(input, 3, "a", "b");
    refused(IngestOptions.of(input.toString(), input.resolve("a/out").toString()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("lies in the input");
    refused(IngestOptions.of(input.toString(), input.toString()))
        .isInstanceOf(InvalidRequestException.class);
    refused(IngestOptions.of(input.toString(), temp.toString()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("lies in the output");
  }

  @Test
  void outputIsSomethingElse() throws IOException {
    Pictures.fill(input, 3, "a", "b");
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.write(home.resolve("letter.txt"), new byte[1]);
    refused(IngestOptions.of(input.toString(), home.toString()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is not a dataset");
    refused(IngestOptions.of(input.toString(), home.resolve("letter.txt").toString()))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("is a file");
  }

  @Test
  void tooManyRejects() throws IOException {
    Pictures.fill(input, 8, "a", "b");
    Pictures.put(input, "b/broken.png", new byte[10]);
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("1 of 17 image files")
        .hasMessageContaining("5.88%")
        .hasMessageContaining("b/broken.png (not a JPEG or PNG file: it begins with 00 00 00 00)");
  }

  @Test
  void manyRejectsEndTheScanEarly() throws IOException {
    for (int i = 0; i < 200; i++) {
      Pictures.put(input, (i % 2 == 0 ? "a/" : "b/") + i + ".png", new byte[10]);
    }
    assertThatThrownBy(() -> new Ingest(1).run(LocalSpark.session(), options()))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("16 of 200 image files")
        .hasMessageContaining("184 not looked at");
  }

  @Test
  void aFileThatChangesBetweenThePasses() throws IOException {
    Pictures.fill(input, 8, "a", "b");
    SparkSession session = LocalSpark.session().newSession();
    session.conf().set("fs.unsteady.impl", UnsteadyFileSystem.class.getName());
    IngestOptions options = IngestOptions.of("unsteady://" + input, output.toString());
    assertThatThrownBy(() -> new Ingest().run(session, options))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("changed while they were ingested: b/3.png");
    assertThat(IngestTest.filesBelow(output)).isEmpty();
  }

  @Test
  void filesThatNoExecutorSees() throws IOException {
    for (String id : List.of("a/0.png", "a/1.png", "b/0.png")) {
      Files.createDirectories(input.resolve(id).getParent());
      Files.createSymbolicLink(input.resolve(id), temp.resolve("nowhere"));
    }
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("3 of 3 image files")
        .hasMessageContaining("executors on other machines look for file:")
        .hasMessageContaining(input + " on their own disks")
        .hasMessageContaining("a folder that is mounted on all machines. Nothing was written");
    Pictures.fill(input, 2, "c");
    refused(options())
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("3 of 5 image files")
        .hasMessageNotContaining("on other machines");
  }

  private static SparkSession withOwnDisks() {
    SparkSession session = LocalSpark.session().newSession();
    session.conf().set("fs.obs.impl", OwnDiskFileSystem.class.getName());
    return session;
  }

  @Test
  void shardsThatTheDriverDoesNotSee() throws IOException {
    Pictures.fill(input, 8, "a", "b");
    IngestOptions options = IngestOptions.of(input.toString(), "obs://" + output);
    assertThatThrownBy(() -> new Ingest().run(withOwnDisks(), options))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("1 of 1 shards are not where the driver looks for them (obs:")
        .hasMessageContaining(output + "/versions/00001-")
        .hasMessageContaining("a folder that is mounted on all machines. Nothing was committed");
    assertThat(IngestTest.filesBelow(output)).isEmpty();
  }

  @Test
  void restoredShardsThatTheDriverDoesNotSee() throws IOException {
    Pictures.fill(input, 8, "a", "b");
    DatasetManifest first = new Ingest().run(LocalSpark.session(), options()).manifest();
    Files.delete(
        output.resolve("versions").resolve(first.version()).resolve(first.shards().get(0).file()));
    IngestOptions options = IngestOptions.of(input.toString(), "obs://" + output);
    assertThatThrownBy(() -> new Ingest().run(withOwnDisks(), options))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("1 of 1 shards are not where the driver looks for them")
        .hasMessageEndingWith("Version " + first.version() + " was not restored");
  }

  @Test
  void aClassWithoutExamplesToTrainOnIsWarnedOf() throws IOException {
    Pictures.fill(input, 30, "a");
    String id = "b/0.png";
    Pictures.put(input, id, Pictures.png(1, 3, 3));
    double share = SplitRule.fraction(id) + 1e-6;
    IngestResult result =
        new Ingest().run(LocalSpark.session(), options().withShares(0, Math.min(share, 0.99)));
    assertThat(result.warnings()).anyMatch(w -> w.equals("No example to train on is left for b"));
  }
}
