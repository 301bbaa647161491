package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.OperandTypes;
import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.TensorType;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.bytedeco.dnnl.dnnl_memory_desc;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.dnnl_primitive_desc;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/** One operation on its way to the library: its types, and who frees what is made for it. */
final class Lowering {
  private final Op op;
  private final OperandTypes types;
  private final Descriptors descriptors;
  private final NativeScope scope;

  Lowering(Op op, OperandTypes types, Descriptors descriptors, NativeScope scope) {
    this.op = op;
    this.types = types;
    this.descriptors = descriptors;
    this.scope = scope;
  }

  Op op() {
    return op;
  }

  TensorType input(int index) {
    return types.inputs().get(index);
  }

  TensorType output(int index) {
    return types.outputs().get(index);
  }

  int inputs() {
    return types.inputs().size();
  }

  int outputs() {
    return types.outputs().size();
  }

  Descriptors descriptors() {
    return descriptors;
  }

  NativeScope scope() {
    return scope;
  }

  dnnl_memory_desc describe(TensorType type) {
    return descriptors.of(type, scope);
  }

  dnnl_memory_desc describe(TensorType type, List<Integer> dimensions) {
    return descriptors.of(type, dimensions, scope);
  }

  /** What stands for an operand that is absent. */
  static dnnl_memory_desc none() {
    return new dnnl_memory_desc();
  }

  /** A primitive's attributes, with no post-operations. */
  dnnl_primitive_attr attributes() {
    return new PostOperations(scope).attributes();
  }

  PostOperations postOperations() {
    return new PostOperations(scope);
  }

  /**
   * A primitive's descriptor.
   *
   * @param create the library's function
   * @throws UnsupportedOperationException if the library has no primitive for it
   */
  dnnl_primitive_desc primitive(ToIntFunction<dnnl_primitive_desc> create) {
    return own(new dnnl_primitive_desc(), create);
  }

  /** The same, with a null pointer to fill. */
  <T extends dnnl_primitive_desc> T own(T empty, ToIntFunction<T> create) {
    return scope.make(empty, create, dnnl::dnnl_primitive_desc_destroy, this);
  }

  /**
   * For what the engine can also compute in two steps: the library's reference loops are slower.
   *
   * @throws UnsupportedOperationException if the primitive is one of them
   */
  void refuseReference(dnnl_primitive_desc made) {
    if (isReference(made)) {
      throw new UnsupportedOperationException("oneDNN has only reference loops for " + this);
    }
  }

  /** Whether the library found nothing better than loops that may be a thousand times slower. */
  boolean isReference(dnnl_primitive_desc made) {
    return implementation(made).startsWith("ref");
  }

  /** The primitive, unless the library has none or only a reference for it. */
  Optional<dnnl_primitive_desc> fast(Supplier<dnnl_primitive_desc> make) {
    try {
      return Optional.of(make.get()).filter(made -> !isReference(made));
    } catch (UnsupportedOperationException e) {
      return Optional.empty();
    }
  }

  /** Goes on to the library's next implementation where it would take the one of this name. */
  void passOver(String name, dnnl_primitive_desc made) {
    if (implementation(made).equals(name)) {
      Status.check(dnnl.dnnl_primitive_desc_next_impl(made), this);
    }
  }

  /** The library's name of what it chose. */
  String implementation(dnnl_primitive_desc made) {
    PointerPointer<BytePointer> text =
        new PointerPointer<>(new Address(scope.allocate(Long.BYTES).address()));
    Status.check(
        dnnl.dnnl_primitive_desc_query(made, dnnl.dnnl_query_impl_info_str, 0, text), this);
    return text.get(BytePointer.class, 0).getString();
  }

  @Override
  public String toString() {
    return op + " of " + types.inputs() + " to " + types.outputs();
  }
}
