package dev.convoy.trainer.round;

import dev.convoy.trainer.averaging.EndState;
import dev.convoy.trainer.averaging.WorkerSlice;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.Serializer;
import org.apache.spark.serializer.SerializerInstance;
import org.apache.spark.unsafe.Platform;
import scala.reflect.ClassTag;

/**
 * Writes the pairs of slice and {@link SliceResult} that a round shuffles, whatever serializer
 * Spark has: a worker's state goes from where it lies into Spark's file, and from there into what
 * is merged. Its pairs may not be moved within a stream (as Spark has it by default), so that Spark
 * keeps references to them until it writes its file, once.
 *
 * <p>Each pair ends with its CRC-32C: what lies on disks and goes over networks is what bits are
 * averaged of, and Spark checks only streams that it compresses.
 */
final class SliceSerializer extends Serializer implements Serializable {

  private static final long serialVersionUID = 1L;

  @Override
  public SerializerInstance newInstance() {
    return new Instance();
  }

  private static final class Instance extends SerializerInstance {

    @Override
    public <T> ByteBuffer serialize(T value, ClassTag<T> type) {
      throw streamsOnly();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassTag<T> type) {
      throw streamsOnly();
    }

    @Override
    public <T> T deserialize(ByteBuffer bytes, ClassLoader loader, ClassTag<T> type) {
      throw streamsOnly();
    }

    private static UnsupportedOperationException streamsOnly() {
      return new UnsupportedOperationException("a shuffle's pairs travel in streams");
    }

    @Override
    public SerializationStream serializeStream(OutputStream out) {
      return new Writing(new CheckedOutputStream(out, new CRC32C()));
    }

    @Override
    public DeserializationStream deserializeStream(InputStream in) {
      return new Reading(new CheckedInputStream(in, new CRC32C()));
    }
  }

  private static final class Writing extends SerializationStream {
    private final CheckedOutputStream checked;
    private final DataOutputStream out;

    private Writing(CheckedOutputStream checked) {
      this.checked = checked;
      this.out = new DataOutputStream(checked);
    }

    /** Keys and values come in turn. */
    @Override
    public <T> SerializationStream writeObject(T part, ClassTag<T> type) {
      try {
        if (part instanceof Integer slice) {
          out.writeInt(slice);
        } else if (part instanceof SliceResult.Uncut uncut) {
          writeUncut(uncut);
          endPair();
        } else {
          writeCut((WorkerResult) part);
          endPair();
        }
      } catch (IOException e) {
        throw asItIs(e);
      }
      return this;
    }

    private void writeUncut(SliceResult.Uncut uncut) throws IOException {
      WorkerReport report = uncut.report();
      writeHead(
          report.worker(),
          report.averagedExamples(),
          uncut.slice() == 0 ? List.of(report) : List.of());
      uncut.state().write(uncut.slicing(), uncut.slice(), out);
    }

    private void writeCut(WorkerResult result) throws IOException {
      writeHead(result.part().worker(), result.part().examples(), result.reports());
      EndState.write(result.part().state(), out);
    }

    private void endPair() throws IOException {
      out.writeInt((int) checked.getChecksum().getValue());
      checked.getChecksum().reset();
    }

    private void writeHead(int worker, int examples, List<WorkerReport> reports)
        throws IOException {
      out.writeInt(worker);
      out.writeInt(examples);
      out.writeInt(reports.size());
      for (WorkerReport report : reports) {
        writeReport(report);
      }
    }

    private void writeReport(WorkerReport report) throws IOException {
      out.writeInt(report.worker());
      out.writeInt(report.firstPlace());
      out.writeInt(report.endPlace());
      out.writeDouble(report.lossSum());
      out.writeDouble(report.secondsLoading());
      out.writeDouble(report.secondsComputing());
      out.writeInt(report.prefetched());
      out.writeBoolean(report.warm());
      out.writeUTF(report.host());
      out.writeUTF(report.executor());
      out.writeInt(report.divergedAt().size());
      for (String id : report.divergedAt()) {
        out.writeUTF(id);
      }
    }

    @Override
    public void flush() {
      try {
        out.flush();
      } catch (IOException e) {
        throw asItIs(e);
      }
    }

    @Override
    public void close() {
      try {
        out.close();
      } catch (IOException e) {
        throw asItIs(e);
      }
    }
  }

  private static final class Reading extends DeserializationStream {
    private final CheckedInputStream checked;
    private final DataInputStream in;
    private int slice;

    private Reading(CheckedInputStream checked) {
      this.checked = checked;
      this.in = new DataInputStream(checked);
    }

    /** Spark takes an end of the file here, and only here, for the end of the pairs. */
    @Override
    @SuppressWarnings("unchecked")
    public <T> T readKey(ClassTag<T> type) {
      try {
        int first = in.read();
        if (first < 0) {
          throw new EOFException();
        }
        byte[] rest = in.readNBytes(Integer.BYTES - 1);
        if (rest.length < Integer.BYTES - 1) {
          throw new IOException("a worker's slice ends early");
        }
        slice = ByteBuffer.allocate(Integer.BYTES).put((byte) first).put(rest).getInt(0);
        return (T) (Integer) slice;
      } catch (IOException e) {
        throw asItIs(e);
      }
    }

    @Override
    @SuppressWarnings("unchecked")
    public <T> T readValue(ClassTag<T> type) {
      try {
        int worker = in.readInt();
        int examples = in.readInt();
        int count = in.readInt();
        List<WorkerReport> reports = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
          reports.add(readReport());
        }
        WorkerSlice part = new WorkerSlice(worker, slice, examples, EndState.read(in));
        endPair(worker);
        return (T) new WorkerResult(part, reports);
      } catch (EOFException e) {
        throw asItIs(new IOException("a worker's slice ends early", e));
      } catch (IOException e) {
        throw asItIs(e);
      } catch (RuntimeException e) { // by lengths and words that nobody wrote
        throw asItIs(new IOException("a worker's slice was damaged on a disk or a network", e));
      }
    }

    private void endPair(int worker) throws IOException {
      int found = (int) checked.getChecksum().getValue();
      int said = in.readInt();
      if (found != said) {
        throw new IOException(
            "slice %d of worker %d was damaged on a disk or a network: its checksum is %08x, not %08x"
                .formatted(slice, worker, found, said));
      }
      checked.getChecksum().reset();
    }

    private WorkerReport readReport() throws IOException {
      return new WorkerReport(
          in.readInt(),
          in.readInt(),
          in.readInt(),
          in.readDouble(),
          in.readDouble(),
          in.readDouble(),
          in.readInt(),
          in.readBoolean(),
          in.readUTF(),
          in.readUTF(),
          readIds());
    }

    private List<String> readIds() throws IOException {
      int count = in.readInt();
      List<String> ids = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        ids.add(in.readUTF());
      }
      return ids;
    }

    @Override
    public <T> T readObject(ClassTag<T> type) {
      throw new UnsupportedOperationException("a shuffle reads keys and values in turn");
    }

    @Override
    public void close() {
      try {
        in.close();
      } catch (IOException e) {
        throw asItIs(e);
      }
    }
  }

  /** Spark's methods, written in Scala, declare no exceptions, but expect these. */
  private static AssertionError asItIs(IOException e) {
    Platform.throwException(e);
    return new AssertionError(e); // never reached
  }
}
