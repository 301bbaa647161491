package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.MomentumUpdate;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.backend.ParameterUpdate;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import java.util.List;

/** A backend that answers questions and computes nothing: for tests of what asks them. */
public class PaperBackend implements Backend {
  @Override
  public String description() {
    return "paper";
  }

  @Override
  public int threads() {
    return 1;
  }

  @Override
  public boolean isNative(ElementType element) {
    return true;
  }

  @Override
  public Layout activationLayout(TensorType type) {
    return type.shape().channels() < 16 ? Layout.PLAIN : Layout.CHANNELS_BLOCKED;
  }

  @Override
  public boolean convolves(Layout input, Layout output) {
    return input.equals(output) || input == Layout.PLAIN;
  }

  @Override
  public int channelsPerGroup(ElementType element) {
    return 16;
  }

  @Override
  public boolean supports(Operation operation) {
    return true;
  }

  /** Each open operand gets a format of its own kind of operation. */
  @Override
  public OperandTypes resolve(Operation operation) {
    return new OperandTypes(
        resolved(operation.op(), operation.inputs()),
        resolved(operation.op(), operation.outputs()));
  }

  private List<TensorType> resolved(Op op, List<Value> values) {
    return values.stream()
        .map(Value::type)
        .map(
            type ->
                type.layout() == Layout.ANY
                    ? type.with(new Layout.Packed(op.getClass().getSimpleName(), bytes(type)))
                    : type)
        .toList();
  }

  @Override
  public boolean inPlace(Operation operation, int input) {
    return operation.op() instanceof Op.Activate
        || operation.op() instanceof Op.Add
        || operation.op() instanceof Op.Multiply;
  }

  @Override
  public long bytes(TensorType type) {
    return type.shape().elements() * type.element().bytes();
  }

  @Override
  public DeviceMemory allocate(long bytes) {
    throw new UnsupportedOperationException("paper has no memory");
  }

  @Override
  public Executable compile(Program program, StoragePlan storage) {
    throw new UnsupportedOperationException("paper computes nothing");
  }

  @Override
  public void add(long sum, long summand, long elements) {
    throw new UnsupportedOperationException("paper computes nothing");
  }

  @Override
  public ParameterUpdate update(MomentumUpdate update) {
    throw new UnsupportedOperationException("paper computes nothing");
  }
}
