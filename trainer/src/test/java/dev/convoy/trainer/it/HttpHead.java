package dev.convoy.trainer.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The first line and the headers of an HTTP/1.1 message.
 *
 * @param lines without their ends and without the empty one after them
 */
record HttpHead(List<String> lines) {

  /** Reads a head and nothing beyond it; empty at the end of the stream. */
  static HttpHead read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    String text = "";
    while (!text.endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        return new HttpHead(List.of());
      }
      bytes.write(next);
      if (next == '\n') {
        text = bytes.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return new HttpHead(text.strip().lines().toList());
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  String method() {
    return lines.get(0).substring(0, lines.get(0).indexOf(' '));
  }

  /** Of a request, without its query. */
  String path() {
    return lines.get(0).split(" ", -1)[1].split("\\?", -1)[0];
  }

  /** Whether this answer is followed by another to the same request. */
  boolean isInterim() {
    return !isEmpty() && lines.get(0).startsWith("HTTP/1.1 1");
  }

  boolean waitsForContinue() {
    return value("expect").anyMatch(value -> value.equalsIgnoreCase("100-continue"));
  }

  /** 0 where none is given. */
  long contentLength() {
    return value("content-length").mapToLong(Long::parseLong).findFirst().orElse(0);
  }

  byte[] bytes() {
    return text(lines.stream());
  }

  /** The same, asking that the connection is closed after the answer. */
  byte[] closing() {
    return text(
        Stream.concat(
            lines.stream().filter(line -> !isHeader(line, "connection")),
            Stream.of("Connection: close")));
  }

  private Stream<String> value(String name) {
    return lines.stream()
        .filter(line -> isHeader(line, name))
        .map(line -> line.substring(name.length() + 1).strip());
  }

  private static boolean isHeader(String line, String name) {
    return line.toLowerCase(Locale.ROOT).startsWith(name + ":");
  }

  private static byte[] text(Stream<String> lines) {
    return lines
        .collect(Collectors.joining("\r\n", "", "\r\n\r\n"))
        .getBytes(StandardCharsets.ISO_8859_1);
  }
}
