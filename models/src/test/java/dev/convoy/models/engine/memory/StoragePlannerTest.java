package dev.convoy.models.engine.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.PaperBackend;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StoragePlannerTest {
  private static final Backend BACKEND = new PaperBackend();
  private static final TensorType TYPE = TensorType.plain(Shape.of(2, 3, 4, 5));

  /**
   * Any program keeps its values: each operation writes numbers of its own into its place, and
   * finds in its operands' places what their writers left there.
   */
  @Property(tries = 300)
  void noValueIsLost(@ForAll long seed) {
    Program program = random(seed);
    StoragePlan plan = new StoragePlanner(BACKEND).plan(program);
    StorageVerifier.verify(program, plan, BACKEND);
    byte[] arena = new byte[Math.toIntExact(plan.arenaBytes())];
    Map<Value, Byte> contents = new HashMap<>();
    byte number = 0;
    for (Operation operation : program.operations()) {
      for (Value input : operation.inputs()) {
        if (contents.containsKey(input)) {
          assertThat(part(arena, plan, input)).containsOnly(contents.get(input));
        }
      }
      for (Value output : operation.outputs()) {
        if (plan.offsets().containsKey(output)) {
          boolean view = operation.op() instanceof Op.Reshape;
          byte content = view ? contents.get(operation.input(0)) : ++number;
          int begin = Math.toIntExact(plan.offsets().get(output));
          Arrays.fill(arena, begin, begin + (int) BACKEND.bytes(output.type()), content);
          contents.put(output, content);
        }
      }
    }
  }

  @Property(tries = 200)
  void aPlanThatLosesAValueIsRefused(@ForAll long seed) {
    Program program = random(seed);
    StoragePlan plan = new StoragePlanner(BACKEND).plan(program);
    Map<Value, Lifetimes.Span> spans = Lifetimes.of(program);
    List<Value> values = List.copyOf(spans.keySet());
    for (Value a : values) {
      for (Value b : values) {
        boolean together =
            spans.get(a).first() < spans.get(b).first()
                && spans.get(b).first() < spans.get(a).last();
        if (together && !plan.offsets().get(a).equals(plan.offsets().get(b))) {
          Map<Value, Long> broken = new HashMap<>(plan.offsets());
          broken.put(b, broken.get(a));
          StoragePlan overlapping = new StoragePlan(broken, plan.arenaBytes());
          assertThatThrownBy(() -> StorageVerifier.verify(program, overlapping, BACKEND))
              .isInstanceOf(IllegalStateException.class);
          return;
        }
      }
    }
  }

  /** A chain needs the room of two links, or of one where the backend computes in place. */
  @Test
  void deadValuesGiveTheirRoomAway() {
    assertThat(arenaOfChain(new Op.Reorder())).isEqualTo(2 * 512);
    assertThat(arenaOfChain(new Op.Activate(Activation.RELU))).isEqualTo(512);
  }

  private static long arenaOfChain(Op op) {
    ProgramBuilder builder = new ProgramBuilder();
    Value value = builder.external("x", TYPE, External.of(Buffer.IMAGES));
    for (int i = 0; i < 10; i++) {
      value = builder.apply(op, "v" + i, TYPE, value);
    }
    Value y = builder.external("y", TYPE, External.of(Buffer.PREDICTIONS));
    builder.add(new Op.Reorder(), List.of(value), List.of(y));
    return new StoragePlanner(BACKEND).plan(builder.build()).arenaBytes();
  }

  private static List<Byte> part(byte[] arena, StoragePlan plan, Value value) {
    int begin = Math.toIntExact(plan.offsets().get(value));
    List<Byte> bytes = new ArrayList<>();
    for (int i = begin; i < begin + BACKEND.bytes(value.type()); i++) {
      bytes.add(arena[i]);
    }
    return bytes;
  }

  private static Program random(long seed) {
    Random random = new Random(seed);
    ProgramBuilder builder = new ProgramBuilder();
    List<Value> values = new ArrayList<>();
    values.add(builder.external("x", TYPE, External.of(Buffer.IMAGES)));
    int length = 2 + random.nextInt(30);
    for (int i = 0; i < length; i++) {
      Value a = values.get(random.nextInt(values.size()));
      Value b = values.get(random.nextInt(values.size()));
      int size = 1 + random.nextInt(6);
      switch (random.nextInt(5)) {
        case 0 -> values.add(builder.apply(new Op.Activate(Activation.RELU), "r" + i, a.type(), a));
        case 1 -> {
          if (a.type().equals(b.type())) {
            Op add = new Op.Add(Activation.IDENTITY);
            values.add(builder.apply(add, "a" + i, a.type(), a, b));
          }
        }
        case 2 -> {
          if (!a.name().equals("x")) {
            Shape flat = Shape.of((int) a.shape().elements());
            values.add(builder.apply(new Op.Reshape(), "v" + i, a.type().with(flat), a));
          }
        }
        default ->
            values.add(
                builder.apply(
                    new Op.Concat(0), "c" + i, TensorType.plain(Shape.of(size, 7)), a, b));
      }
    }
    Value last = values.get(values.size() - 1);
    Value y = builder.external("y", last.type(), External.of(Buffer.PREDICTIONS));
    builder.add(new Op.Reorder(), List.of(last), List.of(y));
    return builder.build();
  }
}
