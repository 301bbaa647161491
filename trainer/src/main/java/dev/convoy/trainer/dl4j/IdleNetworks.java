package dev.convoy.trainer.dl4j;

import dev.convoy.trainer.executor.LeasedCache;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.spark.SparkEnv;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Built networks of one configuration that an executor's JVM keeps between tasks, of one
 * application. A cache: a network is lent to one task attempt at a time, which first gives it a
 * state. They are freed when no task had a lease on them for {@link #IDLE}: between two passes the
 * application may do as it likes, and nothing says that a pass was the last.
 */
final class IdleNetworks {

  /** After so long without a lease a configuration's networks are freed. */
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final LeasedCache<Key, IdleNetworks> OF_THIS_JVM =
      new LeasedCache<>("convoy-idle-networks", IdleNetworks::close);

  private final Key key;
  private final Deque<ComputationGraph> networks = new ArrayDeque<>();
  private boolean closed;

  private record Key(String application, String configuration, Arithmetic arithmetic) {
    @Override
    public String toString() {
      return "networks of " + application;
    }
  }

  private IdleNetworks(Key key) {
    this.key = key;
  }

  /**
   * Those of a network, for as long as the lease is open.
   *
   * @param configuration DL4J's JSON, from the driver of the same application
   */
  static LeasedCache<?, IdleNetworks>.Lease lease(String configuration, Arithmetic arithmetic) {
    Key key = new Key(SparkEnv.get().conf().getAppId(), configuration, arithmetic);
    return OF_THIS_JVM.lease(key, IDLE, () -> new IdleNetworks(key));
  }

  /** A network for the caller alone, who gives it back if nothing went wrong with it. */
  ComputationGraph take() {
    synchronized (this) {
      ComputationGraph idle = networks.pollFirst();
      if (idle != null) {
        return idle;
      }
    }
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(key.configuration()));
    graph.init();
    return key.arithmetic().adopt(graph);
  }

  /** Keeps a network for the next task. */
  void giveBack(ComputationGraph graph) {
    synchronized (this) {
      if (!closed) {
        networks.addFirst(graph);
        return;
      }
    }
    graph.close();
  }

  private synchronized void close() {
    closed = true;
    networks.forEach(ComputationGraph::close);
    networks.clear();
  }
}
