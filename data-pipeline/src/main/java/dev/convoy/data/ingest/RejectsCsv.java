package dev.convoy.data.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** The rejects as CSV (RFC 4180, UTF-8, CRLF), with the header {@code path,reason}. */
final class RejectsCsv {
  private RejectsCsv() {}

  static byte[] write(List<Reject> rejects) {
    StringBuilder csv = new StringBuilder("path,reason\r\n");
    for (Reject reject : rejects) {
      csv.append(field(reject.path())).append(',').append(field(reject.reason())).append("\r\n");
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String field(String text) {
    boolean plain = text.chars().noneMatch(c -> c == '"' || c == ',' || c == '\r' || c == '\n');
    return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
  }
}
