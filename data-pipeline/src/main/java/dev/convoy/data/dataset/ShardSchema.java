package dev.convoy.data.dataset;

import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/** The columns of a shard; all are required. */
final class ShardSchema {
  static final String ID = "id";
  static final String LABEL = "label";
  static final String CLASS = "class";
  static final String IMAGE = "image";
  static final String SHA256 = "sha256";
  static final String WIDTH = "width";
  static final String HEIGHT = "height";
  static final String CHANNELS = "channels";

  static final MessageType MESSAGE =
      Types.buildMessage()
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(ID)
          .required(PrimitiveTypeName.INT32)
          .named(LABEL)
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(CLASS)
          .required(PrimitiveTypeName.BINARY)
          .named(IMAGE)
          .required(PrimitiveTypeName.BINARY)
          .as(LogicalTypeAnnotation.stringType())
          .named(SHA256)
          .required(PrimitiveTypeName.INT32)
          .named(WIDTH)
          .required(PrimitiveTypeName.INT32)
          .named(HEIGHT)
          .required(PrimitiveTypeName.INT32)
          .named(CHANNELS)
          .named("example");

  private ShardSchema() {}
}
