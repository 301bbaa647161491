package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Activation;
import org.bytedeco.dnnl.dnnl_post_ops;
import org.bytedeco.dnnl.dnnl_primitive_attr;
import org.bytedeco.dnnl.global.dnnl;

/** What a primitive does to its result before it writes it. */
final class PostOperations {
  private final NativeScope scope;
  private final dnnl_post_ops operations;

  PostOperations(NativeScope scope) {
    this.scope = scope;
    this.operations =
        scope.make(
            new dnnl_post_ops(),
            dnnl::dnnl_post_ops_create,
            dnnl::dnnl_post_ops_destroy,
            "post-operations");
  }

  /** Adds what the destination held. */
  PostOperations sum() {
    Status.check(
        dnnl.dnnl_post_ops_append_sum(operations, 1, 0, dnnl.dnnl_data_type_undef), "a sum");
    return this;
  }

  /** Applies an activation, if it is one. */
  PostOperations activation(Activation activation) {
    if (!activation.isIdentity()) {
      Eltwise eltwise = Eltwise.forward(activation);
      Status.check(
          dnnl.dnnl_post_ops_append_eltwise(
              operations, eltwise.algorithm(), eltwise.alpha(), eltwise.beta()),
          activation);
    }
    return this;
  }

  /** Attributes with these; the scratchpad is the caller's. */
  dnnl_primitive_attr attributes() {
    dnnl_primitive_attr attributes =
        scope.make(
            new dnnl_primitive_attr(),
            dnnl::dnnl_primitive_attr_create,
            dnnl::dnnl_primitive_attr_destroy,
            "attributes");
    Status.check(
        dnnl.dnnl_primitive_attr_set_scratchpad_mode(attributes, dnnl.dnnl_scratchpad_mode_user),
        "the scratchpad's mode");
    Status.check(dnnl.dnnl_primitive_attr_set_post_ops(attributes, operations), "post-operations");
    return attributes;
  }
}
