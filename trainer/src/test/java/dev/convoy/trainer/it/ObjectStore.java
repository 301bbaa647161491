package dev.convoy.trainer.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.auth.AWSStaticCredentialsProvider;
import com.amazonaws.auth.BasicAWSCredentials;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.services.s3.AmazonS3;
import com.amazonaws.services.s3.AmazonS3ClientBuilder;
import com.amazonaws.services.s3.model.ListMultipartUploadsRequest;
import com.amazonaws.services.s3.model.ListObjectsV2Request;
import com.amazonaws.services.s3.model.ListObjectsV2Result;
import com.amazonaws.services.s3.model.MultipartUpload;
import com.amazonaws.services.s3.model.S3ObjectInputStream;
import com.amazonaws.services.s3.model.S3ObjectSummary;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One bucket on an S3 server of its own process (S3Proxy, in memory, on loopback), seen from
 * outside through Amazon's client.
 */
final class ObjectStore implements AutoCloseable {

  private static final Path SERVER = Path.of("target", "s3proxy", "s3proxy.jar").toAbsolutePath();
  private static final Pattern LISTENS =
      Pattern.compile("Started ServerConnector.*127\\.0\\.0\\.1:(\\d+)}");
  private static final String BUCKET = "flowers";
  private static final String ACCESS_KEY = "convoy-access-key";

  private final RunningProcess server;
  private final String endpoint;
  private final String secretKey;
  private final AmazonS3 client;

  private ObjectStore(RunningProcess server, String endpoint, String secretKey) {
    this.server = server;
    this.endpoint = endpoint;
    this.secretKey = secretKey;
    this.client =
        AmazonS3ClientBuilder.standard()
            .withEndpointConfiguration(new EndpointConfiguration(endpoint, "us-east-1"))
            .withPathStyleAccessEnabled(true)
            .withCredentials(
                new AWSStaticCredentialsProvider(new BasicAWSCredentials(ACCESS_KEY, secretKey)))
            .build();
  }

  /** Starts the server and makes the bucket. */
  static ObjectStore start(Path folder, Processes processes)
      throws IOException, InterruptedException {
    assertThat(SERVER).as("`mvn verify` brings the server at pre-integration-test").isRegularFile();
    String secretKey = "secret-" + UUID.randomUUID();
    Path properties =
        Files.writeString(
            Files.createDirectories(folder).resolve("s3proxy.properties"),
            """
            s3proxy.endpoint=http://127.0.0.1:0
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            jclouds.provider=transient
            jclouds.identity=unused
            jclouds.credential=unused
            """
                .formatted(ACCESS_KEY, secretKey),
            StandardCharsets.UTF_8);
    RunningProcess server =
        processes.start(
            "s3proxy",
            folder,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx192m",
                "-jar",
                SERVER.toString(),
                "--properties",
                properties.toString()));
    String port =
        Await.first(
            "the S3 server",
            () -> {
              assertThat(server.isAlive()).as(server::story).isTrue();
              Matcher matcher = LISTENS.matcher(server.story());
              return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
            });
    ObjectStore store = new ObjectStore(server, "http://127.0.0.1:" + port, secretKey);
    store.client.createBucket(BUCKET);
    return store;
  }

  /** What opens the server, and must not be written down anywhere. */
  List<String> secrets() {
    return List.of(ACCESS_KEY, secretKey);
  }

  /** A name in the bucket as Hadoop writes it. */
  String uri(String key) {
    return "s3a://" + BUCKET + "/" + key;
  }

  /** A command of {@code convoy} with all that it has to know of this server. */
  List<String> convoy(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    if (!arguments.get(0).equals("export")) { // which starts no Spark
      all.add("--master=local[2,4]");
    }
    settings().forEach(setting -> all.add("--conf=" + setting));
    return Distribution.convoy(all.toArray(String[]::new));
  }

  /** Settings of Spark that say all of this server. */
  List<String> settings() {
    return Stream.concat(connection(endpoint).stream(), credentials().stream()).toList();
  }

  /** Sends the server a signal. */
  void send(Signal signal) {
    server.send(signal);
  }

  /** Where the server listens. */
  URI endpoint() {
    return URI.create(endpoint);
  }

  /** Settings of Spark that say how this server is reached, or another in its place. */
  static List<String> connection(String endpoint) {
    return settings(
        "endpoint=" + endpoint,
        "path.style.access=true",
        "attempts.maximum=2",
        "retry.limit=2",
        "connection.establish.timeout=5000",
        "connection.timeout=20000");
  }

  /** Settings of Spark that open this server. */
  List<String> credentials() {
    return settings("access.key=" + ACCESS_KEY, "secret.key=" + secretKey);
  }

  /** The same as variables of an environment. */
  List<String> credentialsInEnvironment() {
    return List.of("AWS_ACCESS_KEY_ID=" + ACCESS_KEY, "AWS_SECRET_ACCESS_KEY=" + secretKey);
  }

  private static List<String> settings(String... ofS3a) {
    return Stream.of(ofS3a).map(setting -> "spark.hadoop.fs.s3a." + setting).toList();
  }

  /** The text of an object. */
  String text(String key) {
    return client.getObjectAsString(BUCKET, key);
  }

  /** Replaces an object by a text. */
  void put(String key, String text) {
    client.putObject(BUCKET, key, text);
  }

  /** Puts every file of a folder under a prefix. */
  void upload(Path folder, String prefix) throws IOException {
    try (Stream<Path> files = Files.walk(folder).filter(Files::isRegularFile)) {
      files.forEach(
          file -> client.putObject(BUCKET, prefix + "/" + folder.relativize(file), file.toFile()));
    }
  }

  /** Every key under a prefix, in order, without the empty objects that stand for folders. */
  List<String> keys(String prefix) {
    List<String> keys = new ArrayList<>();
    ListObjectsV2Request request =
        new ListObjectsV2Request().withBucketName(BUCKET).withPrefix(prefix);
    ListObjectsV2Result page;
    do {
      page = client.listObjectsV2(request);
      page.getObjectSummaries().stream()
          .map(S3ObjectSummary::getKey)
          .filter(key -> !key.endsWith("/"))
          .forEach(keys::add);
      request.setContinuationToken(page.getNextContinuationToken());
    } while (page.isTruncated());
    return keys;
  }

  /** Keys of uploads in parts that were begun and neither ended nor given up. */
  List<String> unfinishedUploads() {
    return client
        .listMultipartUploads(new ListMultipartUploadsRequest(BUCKET))
        .getMultipartUploads()
        .stream()
        .map(MultipartUpload::getKey)
        .toList();
  }

  /** Copies what lies under a prefix to files of the same names. */
  void download(String prefix, Path folder) throws IOException {
    for (String key : keys(prefix)) {
      Path file = folder.resolve(key);
      Files.createDirectories(file.getParent());
      try (S3ObjectInputStream content = client.getObject(BUCKET, key).getObjectContent()) {
        Files.copy(content, file);
      }
    }
  }

  @Override
  public void close() {
    client.shutdown();
  }
}
