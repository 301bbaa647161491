package dev.convoy.data.dataset;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** Reads the examples of a shard from its bytes; the inverse of {@link ShardWriter}. */
final class ShardParser {
  private static final MessageType WANTED =
      Types.buildMessage()
          .addField(ShardSchema.MESSAGE.getType(ShardSchema.ID))
          .addField(ShardSchema.MESSAGE.getType(ShardSchema.LABEL))
          .addField(ShardSchema.MESSAGE.getType(ShardSchema.IMAGE))
          .named("example");

  private ShardParser() {}

  /** The examples in the order of the file; Parquet's exceptions if it is no shard. */
  static List<Example> parse(byte[] content) throws IOException {
    List<Example> examples = new ArrayList<>();
    try (ParquetFileReader reader = ParquetFileReader.open(new MemoryFile(content))) {
      String createdBy = reader.getFileMetaData().getCreatedBy();
      reader.setRequestedSchema(WANTED);
      for (PageReadStore group = reader.readNextRowGroup();
          group != null;
          group = reader.readNextRowGroup()) {
        addExamples(group, createdBy, examples);
      }
    }
    return examples;
  }

  private static void addExamples(PageReadStore group, String createdBy, List<Example> examples) {
    ColumnReadStoreImpl columns =
        new ColumnReadStoreImpl(
            group, new DummyRecordConverter(WANTED).getRootConverter(), WANTED, createdBy);
    ColumnReader ids = column(columns, ShardSchema.ID);
    ColumnReader labels = column(columns, ShardSchema.LABEL);
    ColumnReader images = column(columns, ShardSchema.IMAGE);
    for (long row = 0; row < group.getRowCount(); row++) {
      examples.add(
          new Example(
              ids.getBinary().toStringUsingUTF8(),
              labels.getInteger(),
              images.getBinary().getBytes()));
      ids.consume();
      labels.consume();
      images.consume();
    }
  }

  private static ColumnReader column(ColumnReadStoreImpl columns, String name) {
    return columns.getColumnReader(WANTED.getColumnDescription(new String[] {name}));
  }
}
