package dev.convoy.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.convoy.data.InvalidRequestException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.ipc.RemoteException;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

/** A store that fails, hangs, or says that it failed when it did not. */
final class PatientStoreTest {
  private static final Duration LIMIT = Duration.ofMillis(400);

  private final FaultyStore faulty = new FaultyStore();
  private final PatientStore store =
      new PatientStore(
          faulty,
          new Path("s3a://bucket/run"),
          new Patience(LIMIT, Duration.ofMillis(50), Duration.ofMillis(4)));

  @Test
  void whatFailsForAWhileIsTriedAgain() throws IOException {
    faulty.next(FaultyStore.failure("503"), FaultyStore.none(), FaultyStore.failure("503"));
    store.write("file", bytes("content"));
    assertThat(faulty.operations()).as("write, look, write, look, write").isEqualTo(5);
    faulty.next(FaultyStore.failure("reset"), FaultyStore.failure("reset"));
    assertThat(store.read("file")).isEqualTo(bytes("content"));
  }

  @Test
  void whatFailsForEverIsGivenUpInTimeAndNamesThePath() {
    FaultyStore.Fault[] all = new FaultyStore.Fault[1000];
    Arrays.fill(all, FaultyStore.failure("connection refused"));
    faulty.next(all);
    long began = System.nanoTime();
    assertThatThrownBy(() -> store.read("lease.json"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot read s3a://bucket/run/lease.json: connection refused")
        .hasMessageContaining("spark.hadoop.convoy.store.patience");
    assertThat(System.nanoTime() - began).isLessThan(10 * LIMIT.toNanos());
    assertThat(faulty.operations()).as("pauses grow").isBetween(3, 12);
  }

  @Test
  void aRepeatedDeleteSparesWhatSomebodyElseWrote() throws IOException {
    store.write("lease.json", bytes("mine"));
    faulty.next(
        operation -> {
          operation.run();
          faulty.write("lease.json", bytes("another's"));
          throw new IOException("connection reset");
        });
    store.delete("lease.json", bytes("mine"));
    assertThat(store.read("lease.json")).isEqualTo(bytes("another's"));
    faulty.next(FaultyStore.failure("503"));
    store.delete("lease.json", bytes("another's"));
    assertThat(store.isFile("lease.json")).isFalse();
    faulty.next(FaultyStore.doneButSaysNot());
    store.delete("lease.json", bytes("another's"));
  }

  @Test
  void anInterruptSaysNothingOfTheStore() {
    Patience patience =
        new Patience(Duration.ofMinutes(1), Duration.ofSeconds(30), Duration.ofMillis(4));
    PatientStore interrupted = new PatientStore(faulty, new Path("s3a://bucket/run"), patience);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> interrupted.read("file")).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    long later = System.nanoTime() + Duration.ofSeconds(50).toNanos();
    assertThat(patience.allowance(later)).isEqualTo(Duration.ofMinutes(1).toNanos());
  }

  @Test
  void aRefusalIsNotRepeated() {
    faulty.next(FaultyStore.none());
    assertThatThrownBy(() -> store.read("missing")).isInstanceOf(NoSuchFileException.class);
    faulty.next(
        operation -> {
          throw new IOException("Cannot write x: no", new AccessControlException("not yours"));
        });
    assertThatThrownBy(() -> store.delete("x")).hasMessage("Cannot write x: no");
    faulty.next(FaultyStore.failure("No space left on device"));
    assertThatThrownBy(() -> store.list("")).hasMessage("No space left on device");
    faulty.next(
        operation -> {
          throw new RemoteException(AccessControlException.class.getName(), "not yours");
        });
    assertThatThrownBy(() -> store.isFile("x")).isInstanceOf(RemoteException.class);
    assertThat(faulty.operations()).isEqualTo(4);
  }

  @Test
  void aWriteThatWasDoneIsNotRepeated() throws IOException {
    faulty.next(FaultyStore.doneButSaysNot());
    store.write("file", bytes("content"));
    assertThat(faulty.operations()).as("write, look").isEqualTo(2);
    assertThat(store.read("file")).isEqualTo(bytes("content"));
  }

  @Test
  void whatWasCreatedIsKnownAsOurs() throws IOException {
    faulty.next(FaultyStore.doneButSaysNot());
    assertThat(store.createExclusively("lease", bytes("mine"))).isTrue();
    assertThat(store.createExclusively("lease", bytes("another's"))).isFalse();
  }

  @Test
  void whatWasCreatedIsKnownAsOursAlsoWhenItCannotBeReadAtOnce() throws IOException {
    faulty.next(FaultyStore.doneButSaysNot(), FaultyStore.failure("503"));
    assertThat(store.createExclusively("lease", bytes("mine"))).isTrue();
    assertThat(store.read("lease")).isEqualTo(bytes("mine"));
  }

  @Test
  void whatAnotherCreatedMeanwhileIsNotOurs() throws IOException {
    faulty.write("lease", bytes("another's"));
    faulty.next(FaultyStore.failure("503"));
    assertThat(store.createExclusively("lease", bytes("mine"))).isFalse();
  }

  @Test
  void anAppendIsNotRepeated() throws IOException {
    store.append("log", bytes("1"));
    faulty.next(FaultyStore.doneButSaysNot());
    assertThatThrownBy(() -> store.append("log", bytes("2"))).hasMessage("connection reset");
    assertThat(store.read("log")).isEqualTo(bytes("12"));
  }

  @Test
  void aHangEndsInTimeAlsoWhereItIgnoresInterrupts() {
    CountDownLatch end = new CountDownLatch(1);
    faulty.next(FaultyStore.hang(end));
    long began = System.nanoTime();
    Throwable given = catchThrowable(() -> store.write("checkpoint.json", bytes("x")));
    assertThat(given)
        .isInstanceOf(StoreTimeoutException.class)
        .hasMessageContaining("write s3a://bucket/run/checkpoint.json")
        .hasMessageContaining("gave no answer");
    assertThat(System.nanoTime() - began).isBetween(LIMIT.toNanos(), 20 * LIMIT.toNanos());
    end.countDown();
  }

  @Test
  void aHangThatEndsIsNoFailure() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    faulty.next(FaultyStore.hang(end));
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread writer =
        new Thread(() -> failed.set(catchThrowable(() -> store.write("file", bytes("x")))));
    writer.start();
    TimeUnit.MILLISECONDS.sleep(120);
    end.countDown();
    writer.join();
    assertThat(failed.get()).isNull();
    assertThat(store.read("file")).isEqualTo(bytes("x"));
  }

  @Test
  void aStoreThatWasGivenUpHoldsNobodyUpForLong() {
    Patience patience = new Patience(Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ZERO);
    long began = System.nanoTime();
    assertThat(patience.allowance(began)).isEqualTo(Duration.ofMinutes(5).toNanos());
    patience.failed(began);
    long later = began + Duration.ofMinutes(2).toNanos();
    assertThat(patience.allowance(later)).isEqualTo(Duration.ofMinutes(3).toNanos());
    later = began + Duration.ofMinutes(20).toNanos();
    assertThat(patience.allowance(later)).isEqualTo(Duration.ofSeconds(10).toNanos());
    patience.answered();
    assertThat(patience.allowance(later)).isEqualTo(Duration.ofMinutes(5).toNanos());
  }

  @Test
  void whoeverWaitsCanBeInterrupted() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    faulty.next(FaultyStore.hang(end));
    AtomicReference<Throwable> failed = new AtomicReference<>();
    Thread reader = new Thread(() -> failed.set(catchThrowable(() -> store.read("file"))));
    reader.start();
    reader.interrupt();
    reader.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(failed.get()).isInstanceOf(InterruptedIOException.class);
    end.countDown();
  }

  private static PatientStore over(PagedFileSystem files) {
    Path folder = new Path("s3a://bucket/run");
    return new PatientStore(
        new HadoopStore(files, folder, new Configuration(false)),
        folder,
        new Patience(LIMIT, Duration.ofMillis(50), Duration.ofMillis(4)));
  }

  private static FaultyStore.Fault[] pauses(int count) {
    FaultyStore.Fault[] pauses = new FaultyStore.Fault[count];
    Arrays.fill(pauses, FaultyStore.pause(LIMIT.dividedBy(4)));
    return pauses;
  }

  @Test
  void aListingMayTakeLongAsLongAsItGoesOn() throws IOException {
    PagedFileSystem files = new PagedFileSystem(9);
    files.next(pauses(8));
    long began = System.nanoTime();
    FolderListing listing = over(files).list("");
    assertThat(System.nanoTime() - began).isGreaterThan(LIMIT.toNanos());
    assertThat(listing.files())
        .extracting(StoredFile::name)
        .containsExactly(
            "file1", "file2", "file3", "file4", "file5", "file6", "file7", "file8", "file9");
  }

  @Test
  void aListingThatHangsBetweenPagesIsGivenUp() {
    CountDownLatch end = new CountDownLatch(1);
    PagedFileSystem files = new PagedFileSystem(9);
    files.next(pauses(3));
    files.next(FaultyStore.hang(end));
    long began = System.nanoTime();
    assertThatThrownBy(() -> over(files).list("images"))
        .isInstanceOf(StoreTimeoutException.class)
        .hasMessageContaining("list s3a://bucket/run/images")
        .hasMessageContaining("gave no answer");
    assertThat(System.nanoTime() - began).isBetween(LIMIT.toNanos(), 20 * LIMIT.toNanos());
    end.countDown();
  }

  @Test
  void aLongListingThatFailsLateIsTriedAgain() throws IOException {
    PagedFileSystem files = new PagedFileSystem(9);
    files.next(pauses(6));
    files.next(FaultyStore.failure("503"));
    assertThat(over(files).list("").files()).hasSize(9);
  }

  @Test
  void aListingThatAlwaysFailsLateIsGivenUp() {
    PagedFileSystem files = new PagedFileSystem(9);
    for (int i = 0; i < 100; i++) {
      files.next(pauses(1));
      files.next(FaultyStore.failure("503"));
    }
    long began = System.nanoTime();
    assertThatThrownBy(() -> over(files).list(""))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("Cannot list s3a://bucket/run: 503; given up after")
        .hasMessageContaining("spark.hadoop.convoy.store.patience");
    assertThat(System.nanoTime() - began).isLessThan(20 * LIMIT.toNanos());
  }

  @Test
  void aFolderThatIsFoundMissingByItsFirstPageIsEmpty() throws IOException {
    PagedFileSystem files = new PagedFileSystem(9);
    files.next(
        page -> {
          throw new FileNotFoundException("no such folder");
        });
    assertThat(over(files).list("").isEmpty()).isTrue();
  }

  @Test
  void theTimeIsASetting() {
    Configuration conf = new Configuration(false);
    assertThat(Patience.of(conf).allowance(0)).isEqualTo(Duration.ofMinutes(5).toNanos());
    conf.set("convoy.store.patience", "90s");
    assertThat(Patience.of(conf).allowance(0)).isEqualTo(Duration.ofSeconds(90).toNanos());
    for (String wrong : new String[] {"soon", "0s", "-1m"}) {
      conf.set("convoy.store.patience", wrong);
      assertThatThrownBy(() -> Patience.of(conf))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("convoy.store.patience is '" + wrong + "'")
          .hasMessageContaining("such as 90s or 5m");
    }
  }

  private static byte[] bytes(String text) {
    return StorageContract.bytes(text);
  }
}
