package dev.convoy.trainer.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.MapStatus;
import org.apache.spark.shuffle.ShuffleHandle;
import org.apache.spark.shuffle.ShuffleReadMetricsReporter;
import org.apache.spark.shuffle.ShuffleReader;
import org.apache.spark.shuffle.ShuffleWriteMetricsReporter;
import org.apache.spark.shuffle.ShuffleWriter;
import org.apache.spark.shuffle.sort.SortShuffleManager;
import scala.Option;
import scala.Product2;
import scala.collection.JavaConverters;

/**
 * Spark's own shuffle, through which every task of a round goes, with {@link TaskFault}s at stated
 * moments of it. Each befalls one process of the run: a file keeps the others from it.
 */
public final class FaultyShuffleManager extends SortShuffleManager {

  private static final String FAULTS = "spark.convoy.test.faults";
  private static final String MARKERS = "spark.convoy.test.markers";
  private static final int KILLED = 137; // as a shell says of SIGKILL

  /** What a task's exception says. */
  static final String THROWN = "a task that fails on purpose";

  private static final String STEP = "step";
  private static final String NETWORK = "dev.convoy.models.training.TrainingReplica";

  private final List<TaskFault> faults;
  private final Path markers;
  private final Map<TaskFault.Moment, AtomicInteger> tasks = new EnumMap<>(TaskFault.Moment.class);

  /** Called by Spark, in the driver and in every executor. */
  public FaultyShuffleManager(SparkConf conf) {
    super(conf);
    faults = TaskFault.parse(conf.get(FAULTS));
    markers = Path.of(conf.get(MARKERS));
    for (TaskFault.Moment moment : TaskFault.Moment.values()) {
      tasks.put(moment, new AtomicInteger());
    }
  }

  /**
   * Settings of Spark that put this in.
   *
   * @param markers an empty folder, in which {@link #happened} looks
   */
  static List<String> settings(Path markers, TaskFault... faults) {
    return List.of(
        "spark.shuffle.manager=" + FaultyShuffleManager.class.getName(),
        "spark.executor.extraClassPath=" + Distribution.TEST_CLASSES,
        FAULTS + "=" + TaskFault.format(List.of(faults)),
        MARKERS + "=" + markers);
  }

  /** Whether a fault befell some process. */
  static boolean happened(Path markers, TaskFault fault) {
    return Files.exists(marker(markers, fault));
  }

  private static Path marker(Path markers, TaskFault fault) {
    return markers.resolve(fault.act() + "-" + fault.moment());
  }

  @Override
  public <K, V> ShuffleWriter<K, V> getWriter(
      ShuffleHandle handle, long mapId, TaskContext task, ShuffleWriteMetricsReporter metrics) {
    return new Writer<>(super.getWriter(handle, mapId, task, metrics));
  }

  @Override
  public <K, C> ShuffleReader<K, C> getReader(
      ShuffleHandle handle,
      int startMapIndex,
      int endMapIndex,
      int startPartition,
      int endPartition,
      TaskContext task,
      ShuffleReadMetricsReporter metrics) {
    ShuffleReader<K, C> reader =
        super.getReader(
            handle, startMapIndex, endMapIndex, startPartition, endPartition, task, metrics);
    return () -> afterFirst(TaskFault.Moment.REDUCING, reader.read());
  }

  /** The same records; the moment has come when the second is asked for. */
  private <T> scala.collection.Iterator<T> afterFirst(
      TaskFault.Moment moment, scala.collection.Iterator<T> records) {
    Iterator<T> all = JavaConverters.asJavaIterator(records);
    return JavaConverters.asScalaIterator(
        new Iterator<T>() {
          private int given;

          @Override
          public boolean hasNext() {
            if (given == 1) {
              befall(moment);
            }
            return all.hasNext();
          }

          @Override
          public T next() {
            given++;
            return all.next();
          }
        });
  }

  private void befall(TaskFault.Moment moment) {
    due(moment).ifPresent(FaultyShuffleManager::strike);
  }

  /** What is to happen in this task of its kind, if anything. */
  private Optional<TaskFault> due(TaskFault.Moment moment) {
    int occurrence = tasks.get(moment).incrementAndGet();
    return faults.stream()
        .filter(fault -> fault.moment() == moment && fault.occurrence() <= occurrence)
        .filter(this::isOurs)
        .findFirst();
  }

  private static void strike(TaskFault fault) {
    switch (fault.act()) {
      case KILL -> Runtime.getRuntime().halt(KILLED);
      case STOP -> Signal.STOP.send(ProcessHandle.current().pid());
      case THROW -> throw new IllegalStateException(THROWN);
    }
  }

  /** Whether this process is the first. */
  private boolean isOurs(TaskFault fault) {
    try {
      Files.createFile(marker(markers, fault));
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Strikes, from a thread of its own, as soon as a task computes a step. */
  private static void strikeInStep(TaskFault fault, Thread task) {
    Thread watcher =
        new Thread(
            () -> {
              while (!computes(task)) {
                Thread.onSpinWait();
              }
              strike(fault);
            },
            "watcher");
    watcher.setDaemon(true);
    watcher.start();
  }

  private static boolean computes(Thread task) {
    for (StackTraceElement frame : task.getStackTrace()) {
      if (frame.getClassName().equals(NETWORK) && frame.getMethodName().equals(STEP)) {
        return true;
      }
    }
    return false;
  }

  private final class Writer<K, V> extends ShuffleWriter<K, V> {

    private final ShuffleWriter<K, V> writer;

    Writer(ShuffleWriter<K, V> writer) {
      this.writer = writer;
    }

    @Override
    public void write(scala.collection.Iterator<Product2<K, V>> records) throws IOException {
      // The records are computed when the first is asked for.
      Thread task = Thread.currentThread();
      due(TaskFault.Moment.COMPUTING).ifPresent(fault -> strikeInStep(fault, task));
      writer.write(afterFirst(TaskFault.Moment.WRITING, records));
    }

    @Override
    public Option<MapStatus> stop(boolean success) {
      if (success) {
        befall(TaskFault.Moment.WRITTEN);
      }
      return writer.stop(success);
    }

    @Override
    public long[] getPartitionLengths() {
      return writer.getPartitionLengths();
    }
  }
}
