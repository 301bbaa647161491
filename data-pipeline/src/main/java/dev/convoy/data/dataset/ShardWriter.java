package dev.convoy.data.dataset;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/**
 * Writes one shard as Parquet: one row group, not compressed (the images are), plain encoding. The
 * bytes follow from the rows and the version of Parquet alone: no times, no random ids. Holds the
 * shard in memory until it is closed, at the end up to three times.
 */
public final class ShardWriter implements Closeable {
  private static final long ONE_ROW_GROUP = 1L << 32;
  private static final int PAGE_BYTES = 1 << 20;
  private static final int MOST_ROWS_BETWEEN_PAGE_CHECKS = 100;

  private final OutputStream out;
  private final ByteArrayOutputStream file = new ByteArrayOutputStream();
  private final ParquetWriter<ShardRow> writer;

  /** Writes to {@code out}, which stays open. */
  public ShardWriter(OutputStream out) throws IOException {
    this.out = out;
    writer = new Builder(new StreamFile(file)).build();
  }

  public void add(ShardRow row) throws IOException {
    writer.write(row);
  }

  @Override
  public void close() throws IOException {
    writer.close();
    ShardFooter.writeFixed(file.toByteArray(), out);
  }

  private static final class Builder extends ParquetWriter.Builder<ShardRow, Builder> {
    Builder(OutputFile file) {
      super(file);
      withConf(new Configuration(false));
      withCompressionCodec(CompressionCodecName.UNCOMPRESSED);
      withDictionaryEncoding(false);
      withRowGroupSize(ONE_ROW_GROUP);
      withPageSize(PAGE_BYTES);
      withMinRowCountForPageSizeCheck(1);
      withMaxRowCountForPageSizeCheck(MOST_ROWS_BETWEEN_PAGE_CHECKS);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<ShardRow> getWriteSupport(Configuration configuration) {
      return new RowSupport();
    }
  }

  private static final class RowSupport extends WriteSupport<ShardRow> {
    private RecordConsumer consumer;
    private int field;

    @Override
    public WriteContext init(Configuration configuration) {
      return new WriteContext(ShardSchema.MESSAGE, Map.of("convoy.shard", "1"));
    }

    @Override
    public void prepareForWrite(RecordConsumer recordConsumer) {
      consumer = recordConsumer;
    }

    @Override
    public void write(ShardRow row) {
      field = 0;
      consumer.startMessage();
      binary(ShardSchema.ID, Binary.fromString(row.example().id()));
      integer(ShardSchema.LABEL, row.example().label());
      binary(ShardSchema.CLASS, Binary.fromString(row.className()));
      binary(ShardSchema.IMAGE, Binary.fromConstantByteArray(row.example().bytes()));
      binary(ShardSchema.SHA256, Binary.fromString(row.sha256()));
      integer(ShardSchema.WIDTH, row.width());
      integer(ShardSchema.HEIGHT, row.height());
      integer(ShardSchema.CHANNELS, row.channels());
      consumer.endMessage();
    }

    private void binary(String name, Binary value) {
      consumer.startField(name, field);
      consumer.addBinary(value);
      consumer.endField(name, field);
      field++;
    }

    private void integer(String name, int value) {
      consumer.startField(name, field);
      consumer.addInteger(value);
      consumer.endField(name, field);
      field++;
    }
  }

  private record StreamFile(OutputStream out) implements OutputFile {
    @Override
    public PositionOutputStream create(long blockSizeHint) {
      return new CountingStream(out);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) {
      return create(blockSizeHint);
    }

    @Override
    public boolean supportsBlockSize() {
      return false;
    }

    @Override
    public long defaultBlockSize() {
      return 0;
    }
  }

  private static final class CountingStream extends PositionOutputStream {
    private final OutputStream out;
    private long position;

    CountingStream(OutputStream out) {
      this.out = out;
    }

    @Override
    public long getPos() {
      return position;
    }

    @Override
    public void write(int b) throws IOException {
      out.write(b);
      position++;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      position += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
