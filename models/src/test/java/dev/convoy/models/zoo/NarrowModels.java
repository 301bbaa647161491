package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument.WholeNumber;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every architecture of the registry, made small enough for tests. */
public final class NarrowModels {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();

  /** Those whose depth makes them slow at any width. */
  private static final Set<String> LARGE =
      Set.of(
          "resnet110_cifar",
          "resnet1202_cifar",
          "resnet101",
          "resnet152",
          "resnext101_32x4d",
          "resnext101_32x8d",
          "resnext101_64x4d",
          "resnext29_16x64d",
          "densenet161",
          "densenet169",
          "densenet201",
          "densenet264",
          "densenet_bc_190_40",
          "densenet_bc_250_24",
          "vgg13",
          "vgg16",
          "vgg19",
          "vgg_c");

  private NarrowModels() {}

  static Stream<String> all() {
    return REGISTRY.all().stream().map(Architecture::name);
  }

  static Stream<String> quick() {
    return all().filter(name -> !LARGE.contains(name));
  }

  static Stream<String> large() {
    return all().filter(LARGE::contains);
  }

  /** With every width at a quarter of its default, and few units in dense layers. */
  public static ModelSpec of(String name, InputShape input, int classes) {
    return new ModelSpec(name, narrow(REGISTRY.get(name)), input, classes);
  }

  private static Map<String, Object> narrow(Architecture architecture) {
    return architecture.arguments().stream()
        .filter(WholeNumber.class::isInstance)
        .map(WholeNumber.class::cast)
        .collect(
            Collectors.toMap(
                WholeNumber::name,
                argument ->
                    Math.max(
                        argument.smallest(),
                        argument.defaultValue() / (argument.name().equals("hidden") ? 32 : 4))));
  }
}
