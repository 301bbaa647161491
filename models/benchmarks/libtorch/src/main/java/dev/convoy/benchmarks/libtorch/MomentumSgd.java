package dev.convoy.benchmarks.libtorch;

import java.util.Collection;
import java.util.List;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.global.torch;

/**
 * {@code torch.optim.SGD(momentum=0.9, weight_decay=1e-4, fused=True)}: the operator {@code
 * _fused_sgd_}, one pass over weight, gradient and momentum for all parameters. It is not in the
 * Java interface and is called through the dispatcher; C++'s {@code torch::optim::SGD} makes four
 * passes.
 */
final class MomentumSgd {
  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 1e-4;

  private final double learningRate;
  private final List<Tensor> parameters;
  private final IValue parameterList;
  private final IValue momentumList;
  private final OperatorHandle operator;
  private boolean first = true;

  MomentumSgd(Collection<Tensor> parameters, double learningRate) {
    this.learningRate = learningRate;
    this.parameters = List.copyOf(parameters);
    this.parameterList = list(this.parameters);
    // Like PyTorch's, uninitialised until the first step writes them.
    this.momentumList = list(this.parameters.stream().map(torch::empty_like).toList());
    this.operator = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_sgd_", "");
  }

  /** Applies the parameters' gradients. */
  void step() {
    List<Tensor> gradients = parameters.stream().map(Tensor::grad).toList();
    try (IValue gradientList = list(gradients);
        IValueVector arguments = new IValueVector()) {
      arguments.push_back(parameterList);
      arguments.push_back(gradientList);
      arguments.push_back(momentumList);
      arguments.push_back(new IValue(WEIGHT_DECAY));
      arguments.push_back(new IValue(MOMENTUM));
      arguments.push_back(new IValue(learningRate));
      arguments.push_back(new IValue(0.0)); // dampening
      arguments.push_back(new IValue(false)); // nesterov
      arguments.push_back(new IValue(false)); // maximize
      arguments.push_back(new IValue(first));
      arguments.push_back(new IValue()); // grad_scale
      arguments.push_back(new IValue()); // found_inf
      operator.callBoxed(arguments);
    }
    gradients.forEach(Tensor::close);
    first = false;
  }

  /** As {@code zero_grad(set_to_none=True)}: the gradients are released. */
  void dropGradients() {
    for (Tensor parameter : parameters) {
      parameter.mutable_grad().reset();
    }
  }

  private static IValue list(Collection<Tensor> tensors) {
    try (TensorList typed = new TensorList();
        GenericList list = new GenericList(typed.elementType())) {
      list.reserve(tensors.size());
      for (Tensor tensor : tensors) {
        try (IValue value = new IValue(tensor)) {
          list.push_back(value);
        }
      }
      return new IValue(list);
    }
  }
}
