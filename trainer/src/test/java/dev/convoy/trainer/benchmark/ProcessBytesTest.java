package dev.convoy.trainer.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The counters see sockets, which is what they are used for. */
@EnabledOnOs(OS.LINUX)
final class ProcessBytesTest {

  private static final int BYTES = 3 << 20;

  @Test
  void bytesThroughASocketAreCounted() throws Exception {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (ServerSocketChannel server = ServerSocketChannel.open().bind(anyPort);
        SocketChannel here = SocketChannel.open(server.getLocalAddress());
        SocketChannel there = server.accept()) {
      ProcessBytes before = ProcessBytes.now().orElseThrow();
      Thread sender = new Thread(() -> send(here));
      sender.start();
      ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
      int received = 0;
      while (received < BYTES) {
        received += there.read(buffer.clear());
      }
      sender.join();
      ProcessBytes moved = ProcessBytes.now().orElseThrow().since(before);
      assertThat(moved.written()).isBetween((long) BYTES, BYTES + (1L << 20));
      assertThat(moved.read()).isBetween((long) BYTES, BYTES + (1L << 20));
    }
  }

  private static void send(SocketChannel channel) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES);
    try {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
