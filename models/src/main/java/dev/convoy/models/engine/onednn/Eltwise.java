package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Activation;
import org.bytedeco.dnnl.global.dnnl;

/** An activation in the library's words. */
record Eltwise(int algorithm, float alpha, float beta) {

  static Eltwise forward(Activation activation) {
    float alpha = (float) activation.alpha();
    return switch (activation.function()) {
      case IDENTITY -> new Eltwise(dnnl.dnnl_eltwise_linear, 1, 0);
      case RELU -> new Eltwise(dnnl.dnnl_eltwise_relu, 0, 0);
      case LEAKY_RELU -> new Eltwise(dnnl.dnnl_eltwise_relu, alpha, 0);
      case CLIPPED_RELU -> new Eltwise(dnnl.dnnl_eltwise_clip_v2, 0, alpha);
      case ELU -> new Eltwise(dnnl.dnnl_eltwise_elu, alpha, 0);
      case TANH -> new Eltwise(dnnl.dnnl_eltwise_tanh, 0, 0);
      case SIGMOID -> new Eltwise(dnnl.dnnl_eltwise_logistic, 0, 0);
      case SOFTPLUS -> new Eltwise(dnnl.dnnl_eltwise_soft_relu, 1, 0);
      case SWISH -> new Eltwise(dnnl.dnnl_eltwise_swish, 1, 0);
      case GELU -> new Eltwise(dnnl.dnnl_eltwise_gelu_erf, 0, 0);
    };
  }

  /** For the derivative, from what {@link Activation#backwardFrom} says. */
  static Eltwise backward(Activation activation) {
    Eltwise forward = forward(activation);
    int algorithm =
        switch (activation.function()) {
          case RELU, LEAKY_RELU -> dnnl.dnnl_eltwise_relu_use_dst_for_bwd;
          case ELU -> dnnl.dnnl_eltwise_elu_use_dst_for_bwd;
          case TANH -> dnnl.dnnl_eltwise_tanh_use_dst_for_bwd;
          case SIGMOID -> dnnl.dnnl_eltwise_logistic_use_dst_for_bwd;
          case IDENTITY, CLIPPED_RELU, SOFTPLUS, SWISH, GELU -> forward.algorithm();
        };
    return new Eltwise(algorithm, forward.alpha(), forward.beta());
  }
}
