package dev.convoy.data.storage;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.RemoteIterator;

/** A listing of some files in pages of one each, behind faults that come one for each page. */
final class PagedFileSystem extends RawLocalFileSystem {
  private final int files;
  private final Deque<FaultyStore.Fault> faults = new ArrayDeque<>();

  PagedFileSystem(int files) {
    this.files = files;
  }

  void next(FaultyStore.Fault... coming) {
    faults.addAll(Arrays.asList(coming));
  }

  private synchronized FaultyStore.Fault nextFault() {
    return faults.isEmpty() ? FaultyStore.none() : faults.remove();
  }

  @Override
  public RemoteIterator<FileStatus> listStatusIterator(Path folder) {
    return new RemoteIterator<>() {
      private int given;

      @Override
      public boolean hasNext() throws IOException {
        nextFault().befall(() -> {});
        return given < files;
      }

      @Override
      public FileStatus next() {
        given++;
        return new FileStatus(given, false, 1, 1, 0, new Path(folder, "file" + given));
      }
    };
  }
}
