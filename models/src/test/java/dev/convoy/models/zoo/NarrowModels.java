package dev.convoy.models.zoo;

import dev.convoy.models.Architecture;
import dev.convoy.models.InputShape;
import dev.convoy.models.ModelArgument.WholeNumber;
import dev.convoy.models.ModelRegistry;
import dev.convoy.models.ModelSpec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every architecture of the registry, and the forms that an argument gives one, made small enough
 * for tests. A form is written {@code NAME ARGUMENT=VALUE}.
 */
public final class NarrowModels {
  private static final ModelRegistry REGISTRY = ModelRegistry.standard();
  private static final Pattern ARGUMENT = Pattern.compile(" (\\w+)=(\\S+)$");

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

  private static final List<String> FORMS =
      List.of(
          "googlenet batch_norm=0",
          "vgg11 batch_norm=1",
          "resnet20_cifar shortcut=B",
          "resnet50 stride_in_1x1=1",
          "resnet18 norm_epsilon=0.001");

  private NarrowModels() {}

  static Stream<String> all() {
    return REGISTRY.all().stream().map(Architecture::name);
  }

  static Stream<String> quick() {
    return all().filter(name -> !LARGE.contains(name));
  }

  static Stream<String> quickAndForms() {
    return Stream.concat(quick(), FORMS.stream());
  }

  /** Every name of the registry and every form. */
  public static Stream<String> allAndForms() {
    return Stream.concat(all(), FORMS.stream());
  }

  static Stream<String> large() {
    return all().filter(LARGE::contains);
  }

  /** The architecture of a name or a form. */
  public static Architecture architecture(String form) {
    return REGISTRY.get(name(form));
  }

  /** As it was published, at its own input and classes. */
  public static ModelSpec published(String form) {
    ModelSpec usual = REGISTRY.defaultSpec(name(form));
    return new ModelSpec(usual.name(), given(form), usual.input(), usual.classes());
  }

  /** With every width at a quarter of its default, and few units in dense layers. */
  public static ModelSpec of(String form, InputShape input, int classes) {
    Map<String, Object> arguments = new TreeMap<>(narrow(architecture(form)));
    arguments.putAll(given(form));
    return new ModelSpec(name(form), arguments, input, classes);
  }

  private static String name(String form) {
    return form.replaceFirst(" .*", "");
  }

  private static Map<String, Object> given(String form) {
    Matcher argument = ARGUMENT.matcher(form);
    if (!argument.find()) {
      return Map.of();
    }
    String text = argument.group(2);
    Object value = text;
    if (text.matches("[01]")) {
      value = Integer.valueOf(text);
    } else if (text.matches("[0-9.]+")) {
      value = Double.valueOf(text);
    }
    return Map.of(argument.group(1), value);
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
