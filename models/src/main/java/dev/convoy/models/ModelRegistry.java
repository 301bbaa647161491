package dev.convoy.models;

import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.zoo.AlexNet;
import dev.convoy.models.zoo.AlexNet2012;
import dev.convoy.models.zoo.CifarDenseNet;
import dev.convoy.models.zoo.CifarResNet;
import dev.convoy.models.zoo.DenseNet;
import dev.convoy.models.zoo.GoogLeNet;
import dev.convoy.models.zoo.ImageNetResNet;
import dev.convoy.models.zoo.LeNet5;
import dev.convoy.models.zoo.NetworkInNetwork;
import dev.convoy.models.zoo.ResNeXt;
import dev.convoy.models.zoo.Vgg;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/** The architectures by name. Immutable. */
public final class ModelRegistry {
  private static final int MOST_CLASSES = 1_000_000;

  private final Map<String, Architecture> byName;

  private ModelRegistry(Collection<Architecture> architectures) {
    Map<String, Architecture> names = new TreeMap<>();
    for (Architecture architecture : architectures) {
      if (names.put(architecture.name(), architecture) != null) {
        throw new IllegalArgumentException("two architectures are named " + architecture.name());
      }
    }
    this.byName = names;
  }

  /** Every architecture of this project. */
  public static ModelRegistry standard() {
    List<Architecture> all = new ArrayList<>();
    all.add(new LeNet5());
    all.add(new AlexNet());
    all.addAll(AlexNet2012.variants());
    all.addAll(Vgg.variants());
    all.addAll(NetworkInNetwork.variants());
    all.add(new GoogLeNet());
    all.addAll(ImageNetResNet.variants());
    all.addAll(CifarResNet.variants());
    all.addAll(ResNeXt.variants());
    all.addAll(DenseNet.variants());
    all.addAll(CifarDenseNet.variants());
    return new ModelRegistry(all);
  }

  /** All, in the order of their names. */
  public List<Architecture> all() {
    return List.copyOf(byName.values());
  }

  /**
   * The architecture of that name.
   *
   * @throws InvalidModelException if there is none; the message has the nearest names
   */
  public Architecture get(String name) {
    Architecture found = byName.get(name);
    if (found == null) {
      throw new InvalidModelException(unknown(name));
    }
    return found;
  }

  /** The spec of a name with the published input and classes and no arguments. */
  public ModelSpec defaultSpec(String name) {
    Architecture architecture = get(name);
    return ModelSpec.of(name, architecture.defaultInput(), architecture.defaultClasses());
  }

  /**
   * Checks name, arguments, input and classes.
   *
   * @throws InvalidModelException naming everything that is wrong
   */
  public void validate(ModelSpec spec) {
    List<String> problems = new ArrayList<>();
    Optional<Architecture> architecture = Optional.ofNullable(byName.get(spec.name()));
    architecture.ifPresentOrElse(
        known -> problems.addAll(problems(known, spec)), () -> problems.add(unknown(spec.name())));
    if (spec.classes() < 2 || spec.classes() > MOST_CLASSES) {
      problems.add(
          "classes is " + spec.classes() + "; it has to be between 2 and " + MOST_CLASSES + ".");
    }
    if (!problems.isEmpty()) {
      throw InvalidModelException.of("The model cannot be built", problems);
    }
  }

  /** The initialised network in float32; a pure function of its arguments. */
  public ComputationGraph build(ModelSpec spec, long seed) {
    return build(spec, seed, DataType.FLOAT);
  }

  /** As {@link #build(ModelSpec, long)}, with FLOAT or DOUBLE arithmetic. */
  public ComputationGraph build(ModelSpec spec, long seed, DataType dataType) {
    validate(spec);
    return get(spec.name()).build(spec, seed, dataType);
  }

  /**
   * The network with every parameter 0, for who fills it from a state.
   *
   * @throws InvalidModelException naming everything that is wrong with the spec
   */
  public ComputationGraph buildEmpty(ModelSpec spec) {
    return InitialParameters.empty(configuration(spec, DataType.FLOAT));
  }

  /**
   * The layout of a network's parameters, for who has no need of the graph.
   *
   * @throws InvalidModelException naming everything that is wrong with the spec, or if it has too
   *     many parameters
   */
  public ParameterLayout layout(ModelSpec spec) {
    ComputationGraph graph = buildEmpty(spec);
    try {
      return ParameterLayout.of(graph);
    } finally {
      graph.params().close();
    }
  }

  /** The validated graph configuration, for who needs shapes and no parameters. */
  public ComputationGraphConfiguration configuration(ModelSpec spec, DataType dataType) {
    validate(spec);
    return get(spec.name()).configuration(spec, dataType);
  }

  private static List<String> problems(Architecture architecture, ModelSpec spec) {
    List<String> problems = new ArrayList<>();
    Map<String, ModelArgument> known =
        architecture.arguments().stream()
            .collect(Collectors.toMap(ModelArgument::name, argument -> argument));
    spec.arguments()
        .forEach(
            (name, value) -> {
              ModelArgument argument = known.get(name);
              if (argument == null) {
                problems.add(unknownArgument(architecture, name));
              } else if (!argument.accepts(value)) {
                problems.add(badValue(argument, value));
              }
            });
    InputShape input = spec.input();
    int smallest = architecture.smallestSide(withGoodArguments(known, spec));
    if (Math.min(input.height(), input.width()) < smallest) {
      problems.add(
          "input "
              + input
              + " is too small: after its strides nothing would be left; the smallest height and"
              + " width of "
              + architecture.name()
              + " is "
              + smallest
              + ".");
    }
    return problems;
  }

  /** What is wrong with an argument is no reason to say nothing about the input. */
  private static ModelSpec withGoodArguments(Map<String, ModelArgument> known, ModelSpec spec) {
    Map<String, Object> good = new TreeMap<>(spec.arguments());
    good.entrySet()
        .removeIf(
            given ->
                !known.containsKey(given.getKey())
                    || !known.get(given.getKey()).accepts(given.getValue()));
    return new ModelSpec(spec.name(), good, spec.input(), spec.classes());
  }

  private static String unknownArgument(Architecture architecture, String name) {
    List<String> names = architecture.arguments().stream().map(ModelArgument::name).toList();
    return architecture.name()
        + " has no argument "
        + name
        + (names.isEmpty() ? "; it takes none." : "; it takes " + String.join(", ", names) + ".")
        + NearNames.hint(name, names);
  }

  private static String badValue(ModelArgument argument, Object value) {
    return String.format(
        "argument %s is %s (%s); it has to be %s.",
        argument.name(), value, value.getClass().getSimpleName(), argument.accepted());
  }

  private String unknown(String name) {
    return "there is no model named "
        + name
        + "."
        + NearNames.hint(name, byName.keySet())
        + " Known: "
        + String.join(", ", byName.keySet())
        + ".";
  }
}
