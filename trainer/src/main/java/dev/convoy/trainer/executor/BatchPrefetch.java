package dev.convoy.trainer.executor;

import dev.convoy.data.batch.ImageBatch;
import java.io.IOException;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Batches of one run that are loaded before their worker asks for them, while the last round is
 * averaged or evaluated. A cache: who finds nothing here loads the same batch itself. Safe for use
 * by several threads.
 *
 * <p>The bound covers batches that are ready or being loaded; one that would go beyond it is not
 * loaded, nor is the rest of its worker's. Encoded examples on the way come on top. Who takes a
 * batch has it alone, and its bytes are then no longer counted here. At most as many threads load
 * as the executor has task slots, each while a {@link SlotGate} finds a slot that computes nothing.
 */
public final class BatchPrefetch {

  private static final Logger LOG = LoggerFactory.getLogger(BatchPrefetch.class);
  private static final long THREAD_IDLE_SECONDS = 10;

  private final long maxBytes;
  private final int slots;
  private final SlotGate gate;
  private final ThreadPoolExecutor threads;
  private final Map<BatchPlace, Held> held = new HashMap<>();
  private final Map<Integer, Order> orders = new HashMap<>();
  private long heldBytes;
  private boolean closed;

  /**
   * Starts empty, without a thread.
   *
   * @param maxBytes that may be held; 0: nothing is ever loaded ahead
   * @param slots tasks that the executor runs at once
   * @param gate shared by all that runs in the executor
   */
  BatchPrefetch(long maxBytes, int slots, SlotGate gate) {
    this.maxBytes = maxBytes;
    this.slots = slots;
    this.gate = gate;
    this.threads =
        new ThreadPoolExecutor(
            slots,
            slots,
            THREAD_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            BatchPrefetch::thread);
    threads.allowCoreThreadTimeOut(true);
  }

  /** Linux heeds the priority only where the JVM is told to; the gate is what keeps order. */
  @SuppressWarnings("ThreadPriorityCheck")
  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "convoy-prefetch");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  /**
   * Has a worker's next batches loaded, in the order of their steps, instead of what was ordered
   * for it before.
   *
   * @param firstStep of the epoch
   * @param endStep the step after the last one
   */
  public void order(BatchSource source, int worker, int epoch, int firstStep, int endStep) {
    synchronized (this) {
      if (closed || maxBytes == 0) {
        return;
      }
      Order order = new Order(source, worker, epoch, firstStep, endStep);
      orders.put(worker, order);
      threads.execute(() -> fill(order));
    }
  }

  /**
   * Takes a batch, if it was loaded or is just being. The worker is then past it: what it did not
   * find is not loaded for it any more.
   */
  public synchronized Optional<ImageBatch> take(BatchPlace place) throws InterruptedException {
    Order order = orders.get(place.worker());
    if (order != null) {
      order.pass(place);
    }
    Held found = held.get(place);
    while (found != null && found.wanted && !found.isReady()) {
      wait();
      found = held.get(place);
    }
    if (found == null || !found.wanted) {
      return Optional.empty();
    }
    release(place);
    return Optional.of(found.batch);
  }

  /** Drops what was loaded or ordered for earlier steps: its workers were elsewhere. */
  public synchronized void dropBefore(int epoch, int step) {
    orders.values().removeIf(order -> order.endsBefore(epoch, step));
    Iterator<Map.Entry<BatchPlace, Held>> all = held.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<BatchPlace, Held> entry = all.next();
      if (entry.getKey().isBefore(epoch, step) && drop(entry.getValue())) {
        all.remove();
      }
    }
  }

  /** What is counted at the moment, never more than the bound. */
  synchronized long heldBytes() {
    return heldBytes;
  }

  /** Drops everything and ends the threads; nothing is loaded from now on. */
  void close() {
    synchronized (this) {
      closed = true;
      orders.clear();
      held.values().removeIf(this::drop);
    }
    threads.shutdownNow();
  }

  private void fill(Order order) {
    try {
      boolean more = true;
      while (more) {
        gate.enter(slots);
        try {
          Optional<BatchPlace> place = claim(order);
          more = place.isPresent() && load(order, place.get());
        } finally {
          gate.leave();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the run is over
    } finally {
      finish(order);
    }
  }

  private synchronized Optional<BatchPlace> claim(Order order) {
    if (closed || orders.get(order.worker) != order) {
      return Optional.empty();
    }
    while (order.next < order.end) {
      BatchPlace place = new BatchPlace(order.epoch, order.next++, order.worker);
      if (!held.containsKey(place)) {
        held.put(place, new Held());
        return Optional.of(place);
      }
    }
    return Optional.empty();
  }

  private boolean load(Order order, BatchPlace place) {
    BatchSource source = order.source;
    boolean loaded = false;
    try {
      long bytes = source.bytes(place);
      if (reserve(place, bytes)) {
        int endStep = withRoom(place, bytes, order.end);
        keep(place, source.prepare(place, source.read(place, endStep)));
        loaded = true;
      }
    } catch (IOException | RuntimeException e) {
      // The worker will load it itself, and fail by name if it must.
      LOG.debug("{} could not be loaded ahead", place, e);
    } finally {
      if (!loaded) {
        abandon(place);
      }
    }
    return loaded;
  }

  private synchronized boolean reserve(BatchPlace place, long bytes) {
    if (heldBytes + bytes > maxBytes) {
      return false;
    }
    heldBytes += bytes;
    held.get(place).bytes = bytes;
    return true;
  }

  /** The step after the last one for which there is room if its batches are as large. */
  private synchronized int withRoom(BatchPlace place, long bytes, int end) {
    long more = (maxBytes - heldBytes) / Math.max(1, bytes);
    return (int) Math.min(end, place.step() + 1 + more);
  }

  private synchronized void keep(BatchPlace place, ImageBatch batch) {
    Held loading = held.get(place);
    if (loading.wanted) {
      loading.batch = batch;
    } else {
      release(place);
    }
    notifyAll();
  }

  private synchronized void abandon(BatchPlace place) {
    release(place);
    notifyAll();
  }

  private synchronized void finish(Order order) {
    orders.remove(order.worker, order);
  }

  /** What is still being loaded stays counted until its thread lets go of it. */
  private boolean drop(Held dropped) {
    dropped.wanted = false;
    if (dropped.isReady()) {
      heldBytes -= dropped.bytes;
    }
    return dropped.isReady();
  }

  private void release(BatchPlace place) {
    heldBytes -= held.remove(place).bytes;
  }

  /** A batch that is ready or, as long as it is null, being loaded. */
  private static final class Held {
    private ImageBatch batch;
    private long bytes;
    private boolean wanted = true;

    boolean isReady() {
      return batch != null;
    }
  }

  /** The batches of one worker's round that are still to be loaded. */
  private static final class Order {
    private final BatchSource source;
    private final int worker;
    private final int epoch;
    private final int end;
    private int next;

    Order(BatchSource source, int worker, int epoch, int next, int end) {
      this.source = source;
      this.worker = worker;
      this.epoch = epoch;
      this.next = next;
      this.end = end;
    }

    void pass(BatchPlace place) {
      if (place.epoch() == epoch) {
        next = Math.max(next, place.step() + 1);
      }
    }

    boolean endsBefore(int otherEpoch, int otherStep) {
      return epoch < otherEpoch || (epoch == otherEpoch && end <= otherStep);
    }
  }
}
