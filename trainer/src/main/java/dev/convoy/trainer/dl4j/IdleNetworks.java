package dev.convoy.trainer.dl4j;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Built networks that an executor's JVM keeps between tasks, by their configuration. A cache: a
 * network is lent to one task attempt at a time, which first gives it a state. What no task used
 * for {@link #IDLE} is freed when a network of another configuration is asked for.
 */
final class IdleNetworks {

  /** After so long without use a configuration's networks may be freed. */
  static final Duration IDLE = Duration.ofMinutes(10);

  private static final IdleNetworks INSTANCE = new IdleNetworks();

  private final Map<String, Shelf> shelves = new HashMap<>();

  private IdleNetworks() {}

  /** This JVM's only instance. */
  static IdleNetworks ofThisJvm() {
    return INSTANCE;
  }

  /**
   * A network for the caller alone, who gives it back if nothing went wrong with it.
   *
   * @param configuration DL4J's JSON, from the driver of the same application
   */
  ComputationGraph take(String configuration) {
    synchronized (this) {
      ComputationGraph idle = shelf(configuration).networks.pollFirst();
      if (idle != null) {
        return idle;
      }
    }
    ComputationGraph graph =
        new ComputationGraph(ComputationGraphConfiguration.fromJson(configuration));
    graph.init();
    return graph;
  }

  /** Keeps a network for the next task. */
  synchronized void giveBack(String configuration, ComputationGraph graph) {
    shelf(configuration).networks.addFirst(graph);
  }

  private Shelf shelf(String configuration) {
    Shelf shelf = shelves.get(configuration);
    if (shelf == null) {
      freeIdle();
      shelf = new Shelf();
      shelves.put(configuration, shelf);
    }
    shelf.lastUse = System.nanoTime();
    return shelf;
  }

  private void freeIdle() {
    long now = System.nanoTime();
    Iterator<Shelf> all = shelves.values().iterator();
    while (all.hasNext()) {
      Shelf shelf = all.next();
      if (now - shelf.lastUse > IDLE.toNanos()) {
        shelf.networks.forEach(ComputationGraph::close);
        all.remove();
      }
    }
  }

  private static final class Shelf {
    private final Deque<ComputationGraph> networks = new ArrayDeque<>();
    private long lastUse;
  }
}
