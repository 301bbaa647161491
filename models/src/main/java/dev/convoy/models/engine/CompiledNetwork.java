package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.ForwardPass;
import dev.convoy.models.engine.ir.ForwardPass.Mode;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.passes.HoistPreparation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A network compiled for a backend and a precision: one plan for each batch size and mode, made
 * when it is first needed, all in one arena; the {@value #MOST_PLANS} used last are kept, of which
 * those for predictions read at most {@value #MOST_PREPARED} prepared copies of the parameters.
 * Parameters are the caller's memory; sizes of the buffers follow from the source's program. Used
 * by one thread at a time; several networks may run at once in one process.
 */
public final class CompiledNetwork implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledNetwork.class);

  private static final int MOST_PLANS = 32;

  /** Copies of the parameters for predictions: what whole batches want, and what is left over. */
  public static final int MOST_PREPARED = 2;

  private record Key(int batch, Mode mode) {}

  private final NetworkSource source;
  private final Backend backend;
  private final Precision precision;
  private final PlanCompiler compiler;

  /** By the last use, the oldest first. */
  private final Map<Key, Plan> plans = new LinkedHashMap<>(16, 0.75f, true);

  /** Each is read by one of the plans at least. */
  private final List<PreparedParameters> prepared = new ArrayList<>();

  private final PlanMemory memory;
  private long version;
  private boolean closed;

  public CompiledNetwork(NetworkSource source, Backend backend, Precision precision) {
    this.source = source;
    this.backend = backend;
    this.precision = precision;
    this.compiler = new PlanCompiler(backend, precision);
    this.memory = new PlanMemory(backend);
  }

  /**
   * Forward and backward. Reads IMAGES, LABELS and PARAMETERS; writes GRADIENT with sums over the
   * batch, running statistics' "gradients" among them; its frozen parts are not touched.
   *
   * @param bindings the buffers' addresses
   * @param seed of this step's dropout masks
   * @return the loss summed over batch and outputs
   */
  public double gradient(int batch, Bindings bindings, long seed) {
    return plan(batch, Mode.TRAINING).gradient(bindings, seed);
  }

  /**
   * A whole training step: {@link #gradient}, then an update of PARAMETERS and MOMENTUM by it.
   *
   * @param update made by this network's backend
   * @param weight what the sums over the batch are divided by
   * @return the loss summed over batch and outputs, before the update
   */
  public double step(
      int batch, Bindings bindings, long seed, ParameterUpdate update, double weight, double rate) {
    double loss = gradient(batch, bindings, seed);
    update.run(
        bindings.address(External.of(Buffer.PARAMETERS)),
        bindings.address(External.of(Buffer.GRADIENT)),
        bindings.address(External.of(Buffer.MOMENTUM)),
        weight,
        rate);
    parametersChanged();
    return loss;
  }

  /**
   * Reads IMAGES and PARAMETERS; writes PREDICTIONS, the probabilities of every output. Has to be
   * told of changed parameters by {@link #parametersChanged}.
   */
  public void predict(int batch, Bindings bindings) {
    plan(batch, Mode.INFERENCE).predict(bindings, version);
  }

  /**
   * Forward alone. Reads IMAGES and PARAMETERS; writes the batch's mean and population variance at
   * each batch norm to its running statistics' places in GRADIENT, and nothing else.
   */
  public void statistics(int batch, Bindings bindings) {
    plan(batch, Mode.STATISTICS).run(bindings);
  }

  /** Says that the memory behind PARAMETERS has other contents than in the last prediction. */
  public void parametersChanged() {
    version++;
  }

  /** What the plan for a batch needs outside Java's heap; compiles it but runs nothing. */
  public MemoryNeed memory(int batch, Mode mode) {
    return plan(batch, mode).memory();
  }

  /** One run, operation by operation. */
  public List<OperationTime> profile(int batch, Mode mode, Bindings bindings, long seed) {
    return plan(batch, mode).profile(bindings, seed);
  }

  private Plan plan(int batch, Mode mode) {
    if (closed) {
      throw new IllegalStateException("this network is closed");
    }
    Key key = new Key(batch, mode);
    Plan plan = plans.get(key);
    if (plan == null) {
      plan = compile(key);
      plans.put(key, plan);
      dropOldest();
    }
    return plan;
  }

  /** Batches of ever new sizes do not fill the memory. */
  private void dropOldest() {
    if (plans.size() > MOST_PLANS) {
      Key oldest = plans.keySet().iterator().next();
      plans.remove(oldest).close();
      dropUnread();
    }
  }

  private void dropUnread() {
    for (PreparedParameters shared : List.copyOf(prepared)) {
      if (plans.values().stream().noneMatch(plan -> plan.reads(shared))) {
        prepared.remove(shared);
        shared.close();
      }
    }
  }

  /** Those that a plan of theirs was used last longest ago go, with all such plans. */
  private void dropOldestPrepared() {
    List<Plan> byUse = List.copyOf(plans.values());
    PreparedParameters oldest =
        Collections.min(prepared, Comparator.comparingInt(shared -> lastUse(byUse, shared)));
    plans
        .values()
        .removeIf(
            plan -> {
              boolean goes = plan.reads(oldest);
              if (goes) {
                plan.close();
              }
              return goes;
            });
    dropUnread();
  }

  private static int lastUse(List<Plan> byUse, PreparedParameters shared) {
    return IntStream.range(0, byUse.size())
        .filter(i -> byUse.get(i).reads(shared))
        .max()
        .orElse(-1);
  }

  private Plan compile(Key key) {
    long start = System.nanoTime();
    ForwardPass forward = source.forward(key.batch(), key.mode());
    Plan plan =
        switch (key.mode()) {
          case TRAINING -> whole(key.batch(), compiler.training(forward));
          case INFERENCE -> inference(key.batch(), compiler.inference(forward));
          case STATISTICS -> whole(key.batch(), compiler.statistics(forward));
        };
    try {
      place(plan);
    } catch (RuntimeException | Error e) {
      plan.close();
      dropUnread();
      throw e;
    }
    LOG.info(
        "{} of batches of {}: compiled in {} ms for {} in {}, {} threads; needs {} KB off the heap",
        key.mode().name().toLowerCase(Locale.ROOT),
        key.batch(),
        (System.nanoTime() - start) / 1_000_000,
        backend.description(),
        precision.name().toLowerCase(Locale.ROOT),
        backend.threads(),
        plan.memory().bytes() / 1000);
    return plan;
  }

  private Plan whole(int batch, Program program) {
    return Plan.whole(compiler, backend, batch, program);
  }

  private Plan inference(int batch, HoistPreparation.Split split) {
    try {
      return Plan.inference(compiler, backend, batch, split.main(), preparedBy(split));
    } catch (RuntimeException | Error e) {
      dropUnread();
      throw e;
    }
  }

  private PreparedParameters preparedBy(HoistPreparation.Split split) {
    for (PreparedParameters shared : prepared) {
      if (shared.isMadeBy(split.preparation())) {
        return shared;
      }
    }
    if (prepared.size() == MOST_PREPARED) {
      dropOldestPrepared();
    }
    PreparedParameters made = new PreparedParameters(compiler, backend, split);
    prepared.add(made);
    return made;
  }

  private void place(Plan plan) {
    if (!memory.holds(plan.memory())) {
      try {
        memory.grow(plan.memory());
      } catch (RuntimeException | Error e) {
        // The memory that the other plans lay in is gone: they are made again when needed.
        closePlans();
        throw e;
      }
      plans.values().forEach(memory::place);
    }
    memory.place(plan);
  }

  private void closePlans() {
    plans.values().forEach(Plan::close);
    plans.clear();
  }

  /** Frees every plan and the arena. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      closePlans();
      dropUnread();
      memory.close();
    }
  }
}
