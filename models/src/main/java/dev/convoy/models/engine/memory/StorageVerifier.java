package dev.convoy.models.engine.memory;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.memory.Lifetimes.Span;
import java.util.HashMap;
import java.util.Map;

/**
 * Checks a storage plan by walking through the program: of the plan's own values none is written
 * over another that somebody still reads, and none outside the arena. External values are not
 * looked at. It shares with the planner what is given, the lifetimes and which operand an operation
 * may overwrite, and nothing of how places are found.
 */
public final class StorageVerifier {
  private final Program program;
  private final StoragePlan plan;
  private final Backend backend;

  private StorageVerifier(Program program, StoragePlan plan, Backend backend) {
    this.program = program;
    this.plan = plan;
    this.backend = backend;
  }

  /**
   * Refuses a plan that would lose a value.
   *
   * @throws IllegalStateException naming the operation and its value, and the one that is lost
   */
  public static void verify(Program program, StoragePlan plan, Backend backend) {
    new StorageVerifier(program, plan, backend).run();
  }

  private void run() {
    Map<Value, Span> spans = Lifetimes.of(program);
    Map<Value, Span> live = new HashMap<>();
    for (int i = 0; i < program.operations().size(); i++) {
      int now = i;
      Operation operation = program.operations().get(i);
      live.values().removeIf(span -> span.last() < now);
      for (Value output : operation.outputs()) {
        if (operation.op() instanceof Op.Reshape) {
          checkView(output, operation);
          live.put(output, spans.get(output));
        } else if (spans.containsKey(output)) {
          checkPlace(output, operation);
          live.forEach((value, span) -> checkPair(operation, output, value, span.last() > now));
          live.put(output, spans.get(output));
        }
      }
    }
  }

  /** A reshaped value is its operand: nothing is written. */
  private void checkView(Value view, Operation reshape) {
    Long offset = plan.offsets().get(view);
    if (offset == null || !offset.equals(plan.offsets().get(reshape.input(0)))) {
      throw new IllegalStateException(view + " does not lie where its operand lies: " + reshape);
    }
  }

  private void checkPlace(Value value, Operation operation) {
    Long offset = plan.offsets().get(value);
    if (offset == null || offset < 0 || offset + backend.bytes(value.type()) > plan.arenaBytes()) {
      throw new IllegalStateException(value + " has no place in the arena: " + operation);
    }
  }

  private void checkPair(Operation operation, Value written, Value other, boolean readLater) {
    if (!overlap(written, other) || written.equals(other)) {
      return;
    }
    int input = operation.inputs().indexOf(other);
    boolean first = operation.output(0).equals(written);
    Overwriting overwriting =
        input >= 0 && first ? Overwriting.of(operation, input, backend) : Overwriting.NEVER;
    boolean samePlace = plan.offsets().get(written).equals(plan.offsets().get(other));
    if (overwriting == Overwriting.NEVER || !samePlace || readLater) {
      throw new IllegalStateException(
          written + " is written over " + other + ", which is still read: " + operation);
    }
  }

  private boolean overlap(Value a, Value b) {
    long beginA = plan.offsets().get(a);
    long beginB = plan.offsets().get(b);
    return beginA < beginB + backend.bytes(b.type()) && beginB < beginA + backend.bytes(a.type());
  }
}
