package dev.convoy.data.dataset;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Puts a Parquet file's footer into one fixed form. Parquet lists a column's encodings in the order
 * of a hash set of enum constants, whose hash codes differ from one JVM to the next; two attempts
 * at one shard would differ in these bytes.
 *
 * <p>A file is {@code PAR1, pages, footer, footer's length (int32, little-endian), PAR1}.
 */
final class ShardFooter {

  private static final int TAIL = 8;

  private ShardFooter() {}

  /** Writes a file with its footer in the fixed form. */
  static void writeFixed(byte[] file, OutputStream out) throws IOException {
    ByteBuffer tail =
        ByteBuffer.wrap(file, file.length - TAIL, TAIL).order(ByteOrder.LITTLE_ENDIAN);
    int length = tail.getInt();
    int start = file.length - TAIL - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, start, length));
    for (RowGroup group : footer.getRow_groups()) {
      for (ColumnChunk column : group.getColumns()) {
        fix(column.getMeta_data());
      }
    }
    ByteArrayOutputStream fixed = new ByteArrayOutputStream(length);
    Util.writeFileMetaData(footer, fixed);
    out.write(file, 0, start);
    fixed.writeTo(out);
    ByteBuffer size = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.write(size.putInt(fixed.size()).array());
    out.write(file, file.length - Integer.BYTES, Integer.BYTES);
  }

  private static void fix(ColumnMetaData column) {
    List<Encoding> encodings = new ArrayList<>(column.getEncodings());
    encodings.sort(Comparator.comparingInt(Encoding::getValue));
    column.setEncodings(encodings);
    if (column.isSetEncoding_stats()) {
      List<PageEncodingStats> stats = new ArrayList<>(column.getEncoding_stats());
      stats.sort(
          Comparator.<PageEncodingStats>comparingInt(s -> s.getPage_type().getValue())
              .thenComparingInt(s -> s.getEncoding().getValue()));
      column.setEncoding_stats(stats);
    }
  }
}
