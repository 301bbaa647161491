package dev.convoy.models.engine.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.convoy.models.engine.PaperBackend;
import dev.convoy.models.engine.autodiff.Differentiation;
import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.External;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import dev.convoy.models.engine.memory.StoragePlanner;
import dev.convoy.models.engine.memory.StorageVerifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What each pass makes of small programs; that the numbers stay the same is tested on a backend.
 */
class PassesTest {
  private static final Backend BACKEND = new PaperBackend();
  private static final int CHANNELS = 32;
  private static final Shape IMAGE = Shape.of(2, CHANNELS, 8, 8);

  private final ProgramBuilder builder = new ProgramBuilder();
  private final List<Value> weights = new ArrayList<>();
  private long parameters;

  private Value input() {
    return builder.external("x", TensorType.plain(IMAGE), External.of(Buffer.IMAGES));
  }

  private Value parameter(int... shape) {
    TensorType type = TensorType.plain(Shape.of(shape));
    Value value = builder.external("w", type, External.at(Buffer.PARAMETERS, parameters));
    parameters += type.shape().elements();
    weights.add(value);
    return value;
  }

  private Value convolution(Value x, int groups) {
    Op op =
        new Op.Convolution(
            Window.square(3, 1, 1), groups, Op.Bias.ABSENT, Op.Addend.ABSENT, Activation.IDENTITY);
    Value w = parameter(CHANNELS, CHANNELS / groups, 3, 3);
    return builder.apply(op, "conv", TensorType.plain(IMAGE), x, w);
  }

  private Value fixedNorm(Value x) {
    return builder.apply(
        new Op.FixedBatchNorm(1e-5, Activation.IDENTITY),
        "bn",
        x.type(),
        x,
        parameter(CHANNELS),
        parameter(CHANNELS),
        parameter(CHANNELS),
        parameter(CHANNELS));
  }

  private Value relu(Value x) {
    return builder.apply(new Op.Activate(Activation.RELU), "relu", x.type(), x);
  }

  private Program ending(Value y) {
    Value out = builder.external("y", y.type(), External.of(Buffer.PREDICTIONS));
    builder.add(new Op.Reorder(), List.of(y), List.of(out));
    return builder.build();
  }

  private static List<Class<?>> kinds(Program program) {
    return program.operations().stream().<Class<?>>map(o -> o.op().getClass()).toList();
  }

  private static <T extends Op> List<T> all(Program program, Class<T> kind) {
    return program.operations().stream()
        .map(Operation::op)
        .filter(kind::isInstance)
        .map(kind::cast)
        .toList();
  }

  @Test
  void batchNormsGoIntoTheConvolutionBeforeThem() {
    Program folded = new FoldBatchNorms().apply(ending(fixedNorm(convolution(input(), 1))));
    assertThat(kinds(folded))
        .containsExactly(Op.FoldBatchNorm.class, Op.Convolution.class, Op.Reorder.class);
    assertThat(all(folded, Op.Convolution.class).get(0).bias()).isEqualTo(Op.Bias.PRESENT);
  }

  @Test
  void aConvolutionThatOthersReadKeepsItsBatchNorm() {
    Value x = convolution(input(), 1);
    Value sum =
        builder.apply(new Op.Add(Activation.IDENTITY), "sum", x.type(), fixedNorm(x), relu(x));
    assertThat(all(new FoldBatchNorms().apply(ending(sum)), Op.FoldBatchNorm.class)).isEmpty();
  }

  @Test
  void thinGroupsAreMergedUntilTheyAreWideEnough() {
    Program program = ending(convolution(input(), 8));
    Program merged = new MergeGroups(BACKEND, ElementType.BFLOAT16).apply(program);
    // Groups of 4 channels; the backend likes 16.
    assertThat(all(merged, Op.ExpandGroups.class)).containsExactly(new Op.ExpandGroups(8, 4));
    assertThat(all(merged, Op.Convolution.class).get(0).groups()).isEqualTo(2);
    assertThat(new MergeGroups(BACKEND, ElementType.BFLOAT16).apply(merged)).isEqualTo(merged);
  }

  @Test
  void activationsAreFusedWhereNobodyElseReads() {
    Program alone = ending(relu(convolution(input(), 1)));
    assertThat(kinds(new FuseActivations(BACKEND).apply(alone)))
        .containsExactly(Op.Convolution.class, Op.Reorder.class);
  }

  @Test
  void anActivationBesideAnotherReaderStays() {
    Value x = convolution(input(), 1);
    Program shared =
        ending(builder.apply(new Op.Add(Activation.IDENTITY), "sum", x.type(), relu(x), x));
    assertThat(all(new FuseActivations(BACKEND).apply(shared), Op.Activate.class)).hasSize(1);
  }

  /** The shortcut is the last to read the block's input, so the convolution adds to it in place. */
  @Test
  void residualsAreAddedByTheConvolution() {
    Value x = relu(convolution(input(), 1));
    Value sum =
        builder.apply(new Op.Add(Activation.RELU), "sum", x.type(), convolution(x, 1), relu(x));
    Program fused = new FuseResiduals(BACKEND).apply(ending(sum));
    assertThat(all(fused, Op.Add.class)).isEmpty();
    Op.Convolution last = all(fused, Op.Convolution.class).get(1);
    assertThat(last.addend()).isEqualTo(Op.Addend.PRESENT);
    assertThat(last.activation()).isEqualTo(Activation.RELU);
  }

  /** What the second sum's convolution reads is gone by then: the first sum lies in its place. */
  @Test
  void aConvolutionDoesNotMoveBehindWhatOverwritesItsInput() {
    Value x = relu(convolution(input(), 1));
    Value shortcut = convolution(x, 1);
    Op add = new Op.Add(Activation.IDENTITY);
    Value first = builder.apply(add, "s1", x.type(), x, convolution(relu(convolution(x, 1)), 1));
    Value right = convolution(relu(first), 1);
    Program program = ending(builder.apply(add, "s2", x.type(), right, shortcut));
    Program fused = new FuseResiduals(BACKEND).apply(program);
    // The second sum is the other convolution's, which reads nothing that is gone.
    assertThat(all(fused, Op.Add.class)).isEmpty();
    StorageVerifier.verify(fused, new StoragePlanner(BACKEND).plan(fused), BACKEND);
  }

  /** A value that is also read under another shape is not added to in place. */
  @Test
  void whatIsStillReadUnderAnotherShapeIsNotOverwritten() {
    Value x = relu(convolution(input(), 1));
    Shape other = Shape.of(2, CHANNELS, 4, 16);
    Value view = builder.apply(new Op.Reshape(), "view", TensorType.plain(other), x);
    Op op =
        new Op.Convolution(
            Window.square(1, 1, 0), 1, Op.Bias.ABSENT, Op.Addend.ABSENT, Activation.IDENTITY);
    TensorType type = TensorType.plain(other);
    Value wide = builder.external("wide", type, External.of(Buffer.IMAGES));
    Value summand = builder.apply(op, "conv", type, wide, parameter(CHANNELS, CHANNELS, 1, 1));
    Value sum = builder.apply(new Op.Add(Activation.IDENTITY), "sum", type, view, summand);
    Value back = builder.apply(new Op.Reshape(), "back", x.type(), sum);
    Program program =
        ending(builder.apply(new Op.Add(Activation.IDENTITY), "all", x.type(), back, x));
    Program fused = new FuseResiduals(BACKEND).apply(program);
    assertThat(fused).isEqualTo(program);
    StorageVerifier.verify(fused, new StoragePlanner(BACKEND).plan(fused), BACKEND);
  }

  @Test
  void typesAreAssignedAndKernelsAreConverted() {
    Program typed =
        new AssignTypes(BACKEND, ElementType.BFLOAT16).apply(ending(convolution(input(), 1)));
    Operation convolution =
        typed.operations().stream()
            .filter(o -> o.op() instanceof Op.Convolution)
            .findFirst()
            .orElseThrow();
    assertThat(convolution.input(0).type())
        .isEqualTo(new TensorType(ElementType.BFLOAT16, IMAGE, Layout.CHANNELS_BLOCKED));
    assertThat(convolution.input(1).type().layout()).isEqualTo(Layout.ANY);
    Program resolved = new ResolveLayouts(BACKEND).apply(typed);
    assertThat(
            resolved.operations().stream()
                .flatMap(o -> Stream.concat(o.inputs().stream(), o.outputs().stream()))
                .map(v -> v.type().layout()))
        .doesNotContain(Layout.ANY);
  }

  @Test
  void reordersThatChangeNothingAndWhatNobodyReadsGo() {
    Value x = convolution(input(), 1);
    relu(x);
    Value same = builder.apply(new Op.Reorder(), "same", x.type(), x);
    Program program = new RemoveRedundant().apply(ending(same));
    assertThat(kinds(program)).containsExactly(Op.Convolution.class);
    assertThat(program.externals().get(program.operations().get(0).output(0)).buffer())
        .isEqualTo(Buffer.PREDICTIONS);
  }

  @Test
  void whatDependsOnParametersAloneRunsApart() {
    Program folded = new FoldBatchNorms().apply(ending(fixedNorm(convolution(input(), 1))));
    HoistPreparation.Split split = new HoistPreparation(BACKEND).apply(folded);
    assertThat(kinds(split.preparation())).containsExactly(Op.FoldBatchNorm.class);
    assertThat(kinds(split.main())).containsExactly(Op.Convolution.class, Op.Reorder.class);
    assertThat(split.preparedBytes())
        .isEqualTo((long) CHANNELS * CHANNELS * 9 * Float.BYTES + CHANNELS * Float.BYTES);
  }

  /** Of three convolutions with the first two frozen, one has backward operations. */
  @Test
  void aFrozenPrefixHasNoBackwardPass() {
    Value y = convolution(convolution(convolution(input(), 1), 1), 1);
    Program forward = withLoss(y);
    Program all = Differentiation.of(forward, Set.copyOf(weights));
    Program last = Differentiation.of(forward, Set.of(weights.get(0)));
    assertThat(all(all, Op.ConvolutionBackwardWeights.class)).hasSize(3);
    assertThat(all(all, Op.ConvolutionBackwardData.class)).hasSize(2);
    Value outermost =
        forward.operations().stream()
            .filter(o -> o.op() instanceof Op.Convolution)
            .reduce((a, b) -> b)
            .orElseThrow()
            .input(1);
    Program onlyLast = Differentiation.of(forward, Set.of(outermost));
    assertThat(all(onlyLast, Op.ConvolutionBackwardWeights.class)).hasSize(1);
    assertThat(all(onlyLast, Op.ConvolutionBackwardData.class)).isEmpty();
    assertThat(all(last, Op.ConvolutionBackwardWeights.class)).hasSize(1);
    assertThat(all(last, Op.ConvolutionBackwardData.class)).hasSize(2);
  }

  /** Both summands get the same value; the sum of two paths is added into the first. */
  @Test
  void residualGradientsAreNotCopiedAndAreAccumulatedInPlace() {
    Value x = convolution(input(), 1);
    Value main = convolution(x, 1);
    Value sum = builder.apply(new Op.Add(Activation.IDENTITY), "sum", x.type(), main, relu(x));
    Program program = Differentiation.of(withLoss(sum), Set.copyOf(weights));
    assertThat(all(program, Op.Add.class)).hasSize(2);
    Program accumulated = new AccumulateGradients(BACKEND).apply(program);
    assertThat(all(accumulated, Op.Add.class)).hasSize(1);
    assertThat(all(accumulated, Op.ConvolutionBackwardData.class).get(0).addend())
        .isEqualTo(Op.Addend.PRESENT);
  }

  /** A gradient that comes later cannot be added to. */
  @Test
  void onlyWhatIsThereAlreadyIsAccumulatedInto() {
    Value slope = relu(input());
    Value early = backwardData(slope);
    Value late = relu(relu(slope));
    Op add = new Op.Add(Activation.IDENTITY);
    Program program = ending(builder.apply(add, "sum", slope.type(), late, early));
    assertThat(new AccumulateGradients(BACKEND).apply(program)).isEqualTo(program);
  }

  @Test
  void whatIsThereAlreadyIsAccumulatedInto() {
    Value slope = relu(input());
    Value early = relu(relu(slope));
    Value late = backwardData(slope);
    Op add = new Op.Add(Activation.IDENTITY);
    Program program = ending(builder.apply(add, "sum", slope.type(), early, late));
    Program accumulated = new AccumulateGradients(BACKEND).apply(program);
    assertThat(all(accumulated, Op.Add.class)).isEmpty();
    StorageVerifier.verify(accumulated, new StoragePlanner(BACKEND).plan(accumulated), BACKEND);
  }

  private Value backwardData(Value slope) {
    Op op = new Op.ConvolutionBackwardData(Window.square(3, 1, 1), 1, Op.Addend.ABSENT);
    return builder.apply(op, "dx", slope.type(), slope, parameter(CHANNELS, CHANNELS, 3, 3));
  }

  private Program withLoss(Value y) {
    int features = (int) (y.shape().elements() / y.shape().batch());
    Shape rows = Shape.of(2, features);
    Value logits = builder.apply(new Op.Reshape(), "logits", TensorType.plain(rows), y);
    Value labels = builder.external("labels", TensorType.plain(rows), External.of(Buffer.LABELS));
    Value losses =
        builder.external("losses", TensorType.plain(Shape.of(2)), External.of(Buffer.LOSSES));
    Value slope = builder.value("dlogits", TensorType.plain(rows));
    builder.add(new Op.SoftmaxCrossEntropy(0, 1), List.of(logits, labels), List.of(losses, slope));
    return builder.build();
  }
}
