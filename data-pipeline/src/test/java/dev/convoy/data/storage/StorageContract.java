package dev.convoy.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every kind of storage keeps. */
abstract class StorageContract {
  /** A folder that does not exist yet. */
  abstract Storage storage() throws IOException;

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void writesReadsAndReplaces() throws IOException {
    Storage storage = storage();
    storage.write("a/b/file", bytes("one"));
    assertThat(storage.read("a/b/file")).isEqualTo(bytes("one"));
    storage.write("a/b/file", bytes("two"));
    assertThat(storage.folder("a").read("b/file")).isEqualTo(bytes("two"));
    assertThat(storage.folder("a").folder("b").location("file"))
        .isEqualTo(storage.location("a/b/file"));
    assertThat(storage.isFile("a/b/file")).isTrue();
    assertThat(storage.isFolder("a/b")).isTrue();
    assertThat(storage.exists("a/c")).isFalse();
  }

  @Test
  void namesAreLiteral() throws IOException {
    Storage storage = storage();
    List<String> names = List.of("%41 #?+&", "a:b", "ü漢😀", "new\nline", "{x,y}*[z]");
    for (String name : names) {
      storage.folder(name).write(name, bytes(name));
      assertThat(Storage.at(storage.location(name), new HadoopConf().get()).read(name))
          .isEqualTo(bytes(name));
    }
    assertThat(storage.listing("").folders()).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void namesThatLeaveTheFolderAreRefused() throws IOException {
    Storage storage = storage();
    for (String name : List.of("../x", "a/../../x", "/x", "a//b", "./a")) {
      assertThatThrownBy(() -> storage.read(name)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void whatIsMissingIsNamed() throws IOException {
    Storage storage = storage();
    assertThatThrownBy(() -> storage.read("a/missing"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("a/missing");
    assertThat(storage.list("no/folder")).isEmpty();
    storage.delete("missing");
  }

  @Test
  void listsFilesInOrderWithTheirLengths() throws IOException {
    Storage storage = storage();
    storage.write("b", bytes("123"));
    storage.write("a", bytes(""));
    storage.write("folder/c", bytes("1"));
    assertThat(storage.list(""))
        .extracting(StoredFile::name, StoredFile::length)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", 0L),
            org.assertj.core.groups.Tuple.tuple("b", 3L));
    assertThat(storage.listing("").folders()).containsExactly("folder");
  }

  @Test
  void aFailedWriteChangesNothing() throws IOException {
    Storage storage = storage();
    storage.write("folder/file", bytes("before"));
    assertThatThrownBy(() -> storage.write("folder", bytes("a file where a folder is")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("folder");
    assertThatThrownBy(() -> storage.write("folder/file/below", bytes("a file below a file")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("folder/file/below");
    assertThat(storage.read("folder/file")).isEqualTo(bytes("before"));
    assertThat(storage.store().list("").files()).isEmpty();
    assertThat(storage.store().list("folder").files()).hasSize(1);
  }

  @Test
  void unfinishedFilesAreHiddenAndCanBeDeleted() throws IOException {
    Storage storage = storage();
    storage.write("x/file", bytes("1"));
    storage.write("x/" + TemporaryName.beside("file"), bytes("2"));
    assertThat(storage.list("x")).extracting(StoredFile::name).containsExactly("file");
    storage.deleteUnfinished("x");
    assertThat(storage.read("x/file")).isEqualTo(bytes("1"));
    storage.delete("x/file");
    assertThat(storage.store().list("x").files()).isEmpty();
  }

  @Test
  void deletesFoldersWithAllTheyHold() throws IOException {
    Storage storage = storage();
    storage.write("a/b/c", bytes("1"));
    storage.delete("a");
    assertThat(storage.exists("a")).isFalse();
    storage.delete("");
    assertThat(storage.exists("")).isFalse();
  }

  @Test
  void onlyOneCreates() throws Exception {
    Storage storage = storage();
    assertThat(storage.createExclusively("claim", bytes("mine"))).isTrue();
    assertThat(storage.createExclusively("claim", bytes("yours"))).isFalse();
    assertThat(storage.read("claim")).isEqualTo(bytes("mine"));
  }

  static int winners(Storage storage, int threads) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> attempts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        byte[] content = bytes("claim " + i);
        attempts.add(() -> storage.createExclusively("raced", content));
      }
      int won = 0;
      for (Future<Boolean> attempt : pool.invokeAll(attempts)) {
        won += attempt.get() ? 1 : 0;
      }
      return won;
    } finally {
      pool.shutdown();
    }
  }

  @Test
  void appendsWhereItCan() throws IOException {
    Storage storage = storage();
    if (!storage.canAppend()) {
      assertThatThrownBy(() -> storage.append("log", bytes("x")))
          .isInstanceOf(UnsupportedOperationException.class);
      return;
    }
    storage.append("logs/log", bytes("one\n"));
    storage.append("logs/log", bytes("two\n"));
    assertThat(storage.read("logs/log")).isEqualTo(bytes("one\ntwo\n"));
  }

  @Test
  void travels() throws Exception {
    Storage storage = storage();
    storage.write("file", bytes("1"));
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(packed)) {
      out.writeObject(storage);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(packed.toByteArray()))) {
      assertThat(((Storage) in.readObject()).read("file")).isEqualTo(bytes("1"));
    }
  }
}
