package dev.convoy.models.engine.onednn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.convoy.models.engine.backend.Bindings;
import dev.convoy.models.engine.backend.DeviceMemory;
import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.Activation;
import dev.convoy.models.engine.ir.ElementType;
import dev.convoy.models.engine.ir.External.Buffer;
import dev.convoy.models.engine.ir.Layout;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.ProgramBuilder;
import dev.convoy.models.engine.ir.Shape;
import dev.convoy.models.engine.ir.TensorType;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.ir.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.FloatPointer;
import org.junit.jupiter.api.Test;

class OneDnnBackendTest {
  private static final OneDnnBackend BACKEND = OneDnnBackend.withThreads(1);
  private static final Shape X = Shape.of(4, 32, 14, 14);
  private static final Shape W = Shape.of(32, 32, 3, 3);

  @Test
  void saysWhatItIs() {
    assertThat(BACKEND.description()).matches("oneDNN 3\\.11\\.\\d+( \\([0-9a-f]+\\))? [A-Z0-9_]+");
    assertThat(BACKEND.isNative(ElementType.FLOAT32)).isTrue();
    assertThat(BACKEND.isNative(ElementType.UINT8)).isFalse();
    assertThatThrownBy(() -> OneDnnBackend.withThreads(0)).hasMessageContaining("1 or more");
  }

  @Test
  void knowsWhatALayoutOccupies() {
    TensorType type = TensorType.plain(Shape.of(2, 17, 3, 3));
    assertThat(BACKEND.bytes(type)).isEqualTo(2L * 17 * 9 * 4);
    int block = InstructionSet.effective().block();
    assertThat(BACKEND.bytes(type.with(Layout.CHANNELS_BLOCKED).with(ElementType.BFLOAT16)))
        .isEqualTo(2L * ((17L + block - 1) / block * block) * 9 * 2);
    assertThatThrownBy(() -> BACKEND.bytes(type.with(Layout.ANY))).hasMessageContaining("resolved");
  }

  /** What the description leaves out must not matter: the caller's own number of threads. */
  @Test
  void putsTheCallersThreadsBack() {
    int before = OpenMp.set(3);
    try (TestProgram program = new TestProgram(OneDnnBackend.withThreads(2))) {
      convolution(program, new Random(1));
      program.run(0);
      assertThat(OpenMp.set(before)).isEqualTo(3);
    }
  }

  @Test
  void answersTrulyWhatItSupports() {
    TensorType image = new TensorType(ElementType.FLOAT32, X, Layout.CHANNELS_BLOCKED);
    TensorType kernel = TensorType.plain(W).with(Layout.ANY);
    Window window = Window.square(3, 1, 1);
    List<TensorType> plain = List.of(image, kernel);
    List<TensorType> added = List.of(image, kernel, image);
    Operation without =
        operation(
            new Op.ConvolutionBackwardData(window, 1, Op.Addend.ABSENT), plain, List.of(image));
    Operation with =
        operation(
            new Op.ConvolutionBackwardData(window, 1, Op.Addend.PRESENT), added, List.of(image));
    assertThat(BACKEND.supports(without)).isTrue();
    if (!BACKEND.supports(with)) {
      assertThatThrownBy(() -> BACKEND.resolve(with))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("ConvolutionBackwardData");
    }
    assertThat(BACKEND.supports(with)).isEqualTo(resolves(with));
  }

  private static boolean resolves(Operation operation) {
    try {
      OperandTypes types = BACKEND.resolve(operation);
      return types.inputs().stream().noneMatch(type -> type.layout() == Layout.ANY);
    } catch (UnsupportedOperationException e) {
      return false;
    }
  }

  private static Operation operation(Op op, List<TensorType> ins, List<TensorType> outs) {
    ProgramBuilder builder = new ProgramBuilder();
    return new Operation(
        op,
        ins.stream().map(type -> builder.value("in", type)).toList(),
        outs.stream().map(type -> builder.value("out", type)).toList());
  }

  /** What the backend's layout for images would need of a workspace made for another one. */
  @Test
  void refusesAWorkspaceOfAnotherPrimitive() {
    try (TestProgram program = new TestProgram(BACKEND)) {
      TensorType x = TensorType.plain(X);
      TensorType y = TensorType.plain(Shape.of(4, 32, 7, 7));
      Op.Pool pool = new Op.Pool(Window.square(2, 2, 0), Op.PoolKind.MAX);
      Value in = program.input(X, Reference.random(X, new Random(2)));
      List<Value> pooled = program.apply(pool, List.of(in), y, TestProgram.workspace());
      Value blocked = program.as(pooled.get(0), y.with(Layout.CHANNELS_BLOCKED));
      Op backward = new Op.PoolBackward(pool.window(), pool.kind());
      program.apply(backward, List.of(blocked, pooled.get(1)), x.with(Layout.CHANNELS_BLOCKED));
      assertThatThrownBy(() -> program.run(0))
          .isInstanceOf(UnsupportedOperationException.class)
          .hasMessageContaining("was not made for the primitive that reads it");
    }
  }

  @Test
  void refusesAnAddendThatLiesElsewhere() {
    TensorType image = new TensorType(ElementType.FLOAT32, X, Layout.CHANNELS_BLOCKED);
    ProgramBuilder builder = new ProgramBuilder();
    Op mask = new Op.DropoutMask(0.5, 0);
    Value a = builder.apply(mask, "a", TensorType.plain(X));
    Value b = builder.apply(new Op.Reshape(), "b", TensorType.plain(Shape.of(4, 32 * 14 * 14)), a);
    long bytes = BACKEND.bytes(image);
    StoragePlan apart = new StoragePlan(Map.of(a, 0L, b, bytes), 2 * bytes);
    assertThatThrownBy(() -> BACKEND.compile(builder.build(), apart))
        .hasMessageContaining("has to lie where");
    StoragePlan small = new StoragePlan(Map.of(a, 0L, b, 0L), bytes - 1);
    assertThatThrownBy(() -> BACKEND.compile(builder.build(), small))
        .hasMessageContaining("does not fit");
  }

  @Test
  void saysWhatIsMissingBeforeARun() {
    ProgramBuilder builder = new ProgramBuilder();
    Value a = builder.apply(new Op.DropoutMask(0.5, 0), "a", TensorType.plain(X));
    long bytes = BACKEND.bytes(a.type());
    try (DeviceMemory small = BACKEND.allocate(bytes - 1)) {
      Executable executable =
          BACKEND.compile(builder.build(), new StoragePlan(Map.of(a, 0L), bytes));
      var bindings = new Bindings();
      assertThatThrownBy(() -> executable.run(bindings, 0)).hasMessageContaining("place()");
      assertThatThrownBy(() -> executable.place(small, small)).hasMessageContaining("needs");
      executable.close();
      executable.close();
      assertThatThrownBy(() -> executable.run(bindings, 0)).hasMessageContaining("closed");
    }
  }

  @Test
  void twoAtOnceComputeTheSameBits() throws Exception {
    float[] alone;
    try (TestProgram program = new TestProgram(BACKEND)) {
      Value result = convolution(program, new Random(3));
      alone = program.run(0).read(result);
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Boolean>> runs = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        runs.add(
            threads.submit(
                () -> {
                  try (TestProgram program = new TestProgram(BACKEND)) {
                    Value result = convolution(program, new Random(3));
                    for (int run = 0; run < 200; run++) {
                      if (!Arrays.equals(program.run(0).read(result), alone)) {
                        return false;
                      }
                    }
                    return true;
                  }
                }));
      }
      for (Future<Boolean> run : runs) {
        assertThat(run.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void followsABufferThatMoves() {
    float[] first = Reference.random(X, new Random(4));
    float[] second = Reference.random(X, new Random(5));
    try (TestProgram program = new TestProgram(BACKEND);
        HostMemory elsewhere = new HostMemory(BACKEND.bytes(TensorType.plain(X)))) {
      Value input = program.input(X, first);
      Value result =
          program.result(program.as(input, TensorType.plain(X).with(Layout.CHANNELS_LAST)));
      assertThat(program.run(0).read(result)).containsExactly(first);
      new FloatPointer(new Address(elsewhere.address())).put(second, 0, second.length);
      program.bindings().bind(Buffer.LABELS, 0, elsewhere.address());
      assertThat(program.run(0).read(result)).containsExactly(second);
    }
  }

  @Test
  void profilesEachOperation() {
    try (TestProgram program = new TestProgram(BACKEND)) {
      convolution(program, new Random(6));
      program.run(0);
      long[] nanoseconds = program.executable().profile(program.bindings(), 0);
      assertThat(nanoseconds.length).isGreaterThanOrEqualTo(3);
      assertThat(Arrays.stream(nanoseconds).allMatch(time -> time > 0)).isTrue();
    }
  }

  @Test
  void closeFreesEverything() throws IOException {
    Shape images = X.with(0, 16);
    float[] x = Reference.random(images, new Random(7));
    cycles(50, images, x);
    long before = residentPages();
    cycles(200, images, x);
    long grownBytes = (residentPages() - before) * 4096;
    // A cycle's input, arena and result have 1.6 MB: kept, they would show as 320 MB.
    assertThat(grownBytes).isLessThan(80L << 20);
  }

  private static void cycles(int count, Shape shape, float[] x) {
    TensorType blocked = TensorType.plain(shape).with(Layout.CHANNELS_BLOCKED);
    for (int i = 0; i < count; i++) {
      try (TestProgram program = new TestProgram(BACKEND)) {
        Value in = program.as(program.input(shape, x), blocked);
        Op relu = new Op.Activate(Activation.RELU);
        program.result(program.apply(relu, List.of(in), blocked).get(0));
        program.run(0);
      }
    }
  }

  private static long residentPages() throws IOException {
    return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", -1)[1]);
  }

  private static Value convolution(TestProgram program, Random random) {
    TensorType image =
        new TensorType(ElementType.FLOAT32, X, BACKEND.activationLayout(TensorType.plain(X)));
    return program.result(
        program
            .apply(
                new Op.Convolution(
                    Window.square(3, 1, 1), 1, Op.Bias.ABSENT, Op.Addend.ABSENT, Activation.RELU),
                List.of(
                    program.input(X, Reference.random(X, random)),
                    program.input(W, Reference.random(W, random))),
                List.of(image, TensorType.plain(W).with(Layout.ANY)),
                image)
            .get(0));
  }
}
