package dev.convoy.trainer.it;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad network in front of an S3 server: passes requests on, one a connection, and disturbs a
 * share of them, drawn from a seed, and those that it is told to.
 */
final class FaultyProxy implements AutoCloseable {

  /** What befalls a request. */
  enum Fault {
    NONE,
    /** The server's own "503 SlowDown"; nothing is done. */
    SLOW_DOWN,
    /** The connection is reset in the middle of the answer's body. */
    DROPPED_IN_BODY,
    /** The request is done, and the connection is reset before the answer. */
    DROPPED_ANSWER
  }

  private static final String SLOW_DOWN_BODY =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>SlowDown</Code>"
          + "<Message>Please reduce your request rate.</Message></Error>";

  private final URI server;
  private final Random random;
  private final double share;
  private final ServerSocket listening;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<Fault, AtomicInteger> injected = new EnumMap<>(Fault.class);
  private final Map<String, AtomicInteger> answersToDrop = new ConcurrentHashMap<>();

  private FaultyProxy(URI server, long seed, double share) throws IOException {
    this.server = server;
    this.random = new Random(seed);
    this.share = share;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    for (Fault fault : Fault.values()) {
      injected.put(fault, new AtomicInteger());
    }
  }

  /**
   * Starts one.
   *
   * @param server the real server's address
   * @param share of the requests that are disturbed, in [0, 1)
   */
  static FaultyProxy start(URI server, long seed, double share) throws IOException {
    FaultyProxy proxy = new FaultyProxy(server, seed, share);
    proxy.threads.execute(proxy::accept);
    return proxy;
  }

  /** What a client takes for the server. */
  String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** How often a fault came so far. */
  int injected(Fault fault) {
    return injected.get(fault).get();
  }

  /** From now on, the answers to so many PUTs of keys with an ending are dropped. */
  void dropAnswersToPuts(String ending, int times) {
    answersToDrop.put(ending, new AtomicInteger(times));
  }

  @Override
  public void close() throws IOException {
    listening.close();
    threads.shutdownNow();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        threads.execute(() -> handle(client));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private void handle(Socket socket) {
    try (Socket client = socket) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      HttpHead request = HttpHead.read(in);
      if (request.isEmpty()) {
        return;
      }
      Fault fault = draw(request);
      injected.get(fault).incrementAndGet();
      if (fault == Fault.SLOW_DOWN) {
        slowDown(request, in, client.getOutputStream());
      } else {
        forward(request, in, client, fault);
      }
    } catch (IOException e) {
      // What a bad network is about.
    }
  }

  private synchronized Fault draw(HttpHead request) {
    for (Map.Entry<String, AtomicInteger> told : answersToDrop.entrySet()) {
      if (request.method().equals("PUT")
          && request.path().endsWith(told.getKey())
          && told.getValue().getAndDecrement() > 0) {
        return Fault.DROPPED_ANSWER;
      }
    }
    if (random.nextDouble() >= share) {
      return Fault.NONE;
    }
    if (request.method().equals("HEAD") || random.nextBoolean()) {
      return Fault.SLOW_DOWN;
    }
    return request.method().equals("GET") ? Fault.DROPPED_IN_BODY : Fault.DROPPED_ANSWER;
  }

  private static void slowDown(HttpHead request, InputStream in, OutputStream out)
      throws IOException {
    if (!request.waitsForContinue()) {
      // Unread, it would make the close a reset, and the answer be lost.
      in.readNBytes(Math.toIntExact(request.contentLength()));
    }
    String head =
        "HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
            .formatted(SLOW_DOWN_BODY.length());
    String body = request.method().equals("HEAD") ? "" : SLOW_DOWN_BODY;
    out.write((head + body).getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private void forward(HttpHead request, InputStream in, Socket client, Fault fault)
      throws IOException {
    try (Socket upstream = new Socket(server.getHost(), server.getPort())) {
      OutputStream toServer = upstream.getOutputStream();
      toServer.write(request.closing());
      toServer.flush();
      // While the body goes up, the server may have to say that it may.
      threads.execute(() -> sendBody(request.contentLength(), in, toServer));
      InputStream answers = new BufferedInputStream(upstream.getInputStream());
      OutputStream out = client.getOutputStream();
      HttpHead answer = HttpHead.read(answers);
      while (answer.isInterim()) {
        out.write(answer.bytes());
        out.flush();
        answer = HttpHead.read(answers);
      }
      switch (fault) {
        case DROPPED_ANSWER -> {
          answers.readAllBytes();
          client.setSoLinger(true, 0);
        }
        case DROPPED_IN_BODY -> {
          ByteArrayOutputStream half = new ByteArrayOutputStream();
          half.write(answer.bytes());
          byte[] body = answers.readAllBytes();
          half.write(body, 0, body.length / 2);
          half.writeTo(out);
          out.flush();
          client.setSoLinger(true, 0);
        }
        default -> {
          out.write(answer.bytes());
          answers.transferTo(out);
          out.flush();
        }
      }
    }
  }

  private static void sendBody(long length, InputStream in, OutputStream out) {
    try {
      byte[] buffer = new byte[1 << 16];
      long left = length;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
        if (read < 0) {
          return;
        }
        out.write(buffer, 0, read);
        left -= read;
      }
      out.flush();
    } catch (IOException e) {
      // The other direction sees it, too.
    }
  }
}
