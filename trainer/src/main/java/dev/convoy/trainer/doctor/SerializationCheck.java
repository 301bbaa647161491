package dev.convoy.trainer.doctor;

import dev.convoy.data.storage.HadoopSettings;
import dev.convoy.models.training.ComputeProfile;
import dev.convoy.trainer.executor.RunKey;
import dev.convoy.trainer.round.RoundMessages;
import dev.convoy.trainer.round.RunSettings;
import dev.convoy.trainer.training.TrainingSetup;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.DeserializationStream;
import org.apache.spark.serializer.SerializationStream;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What a round sends goes through its serializers: there and back in small in each process, which
 * may lack classes, and one way at full size on the driver. Broadcasts go through streams of
 * Spark's serializer, a task's result through one buffer of it, slices through streams of the
 * round's own.
 */
final class SerializationCheck implements Check<SerializationCheck.Sent> {

  private static final String MOST_RESULTS = "spark.driver.maxResultSize";
  private static final ClassTag<Object> ANY = ClassTag$.MODULE$.apply(Object.class);

  private final TrainingSetup setup;
  private final JavaSparkContext spark;

  /** How long the messages were together. */
  record Sent(long bytes) {}

  SerializationCheck(TrainingSetup setup, JavaSparkContext spark) {
    this.setup = setup;
    this.spark = spark;
  }

  @Override
  public String name() {
    return "serialization";
  }

  @Override
  public Probe<Sent> probe() {
    RunSettings settings = settings();
    return () -> thereAndBack(RoundMessages.small(settings));
  }

  private RunSettings settings() {
    // Which profile it is changes neither the size nor the way.
    ComputeProfile profile =
        new ComputeProfile("any", "cpu", "float32", setup.config().threads(), "any");
    return setup.rounds(
        setup.executor(
            new RunKey(spark.sc().applicationId(), "doctor"),
            profile,
            HadoopSettings.of(spark.hadoopConfiguration())));
  }

  private static Sent thereAndBack(RoundMessages messages) throws IOException {
    SerializerInstance serializer = SparkEnv.get().serializer().newInstance();
    long sent = 0;
    for (Object message : messages.broadcast()) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      write(serializer, message, bytes);
      sent += bytes.size();
      try (DeserializationStream in = serializer.deserializeStream(read(bytes))) {
        ByteArrayOutputStream again = new ByteArrayOutputStream();
        write(serializer, in.readObject(ANY), again);
        checkSame(message, bytes, again);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    shuffle(messages.shuffled(), bytes);
    sent += bytes.size();
    try (DeserializationStream in =
        RoundMessages.shuffle().newInstance().deserializeStream(read(bytes))) {
      in.readKey(ANY);
      ByteArrayOutputStream again = new ByteArrayOutputStream();
      shuffle(in.readValue(ANY), again);
      checkSame(messages.shuffled(), bytes, again);
    }
    ByteBuffer result = serializer.serialize(messages.result(), ANY);
    sent += result.remaining();
    Object received = serializer.deserialize(result.duplicate(), ANY);
    if (!serializer.serialize(received, ANY).equals(result)) {
      throw changed(messages.result());
    }
    return new Sent(sent);
  }

  private static void checkSame(
      Object message, ByteArrayOutputStream sent, ByteArrayOutputStream sentAgain)
      throws IOException {
    if (!Arrays.equals(sent.toByteArray(), sentAgain.toByteArray())) {
      throw changed(message);
    }
  }

  private static IOException changed(Object message) {
    return new IOException(
        "a " + message.getClass().getSimpleName() + " comes back as another than was sent");
  }

  private static InputStream read(ByteArrayOutputStream written) {
    return new ByteArrayInputStream(written.toByteArray());
  }

  private static void shuffle(Object slice, OutputStream to) throws IOException {
    try (SerializationStream out = RoundMessages.shuffle().newInstance().serializeStream(to)) {
      out.writeKey(0, ANY);
      out.writeValue(slice, ANY);
    }
  }

  private static void write(SerializerInstance serializer, Object message, OutputStream to)
      throws IOException {
    try (SerializationStream out = serializer.serializeStream(to)) {
      out.writeObject(message, ANY);
    }
  }

  @Override
  public Class<Sent> answer() {
    return Sent.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public String advice() {
    return "leave spark.serializer, spark.kryo.* and spark.kryoserializer.* to Convoy, or register with"
        + " dev.convoy.trainer.kryo.ConvoyKryoRegistrator and give spark.kryoserializer.buffer.max room for a slice of the state";
  }

  @Override
  public List<Verdict> judge(List<Found<Sent>> answers) throws IOException {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Sent> found : answers) {
      verdicts.add(Verdict.ok(found.place(), "a round's messages go there and come back"));
    }
    verdicts.add(atFullSize());
    return verdicts;
  }

  private Verdict atFullSize() throws IOException {
    RoundMessages messages =
        RoundMessages.of(settings(), setup.layout(), spark.defaultParallelism());
    SerializerInstance serializer = SparkEnv.get().serializer().newInstance();
    for (Object message : messages.broadcast()) {
      write(serializer, message, OutputStream.nullOutputStream());
    }
    shuffle(messages.shuffled(), OutputStream.nullOutputStream());
    long slice = serializer.serialize(messages.result(), ANY).remaining();
    long results = slice * messages.results();
    long most = spark.getConf().getSizeAsBytes(MOST_RESULTS, "1g");
    if (most > 0 && results > most) {
      return Verdict.overall(
          Level.FAILS,
          "a round's average is %s, %s is %s"
              .formatted(MemorySize.text(results), MOST_RESULTS, MemorySize.text(most)),
          "raise it to 4g, as Convoy does where it is not set");
    }
    return Verdict.overall(
        Level.OK,
        "a round's average comes to the driver in %s of %s"
            .formatted(
                messages.results() == 1 ? "1 piece" : messages.results() + " pieces",
                MemorySize.text(slice)),
        "");
  }
}
