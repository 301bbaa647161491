package dev.convoy.data.augment;

import dev.convoy.data.text.Suggestions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** Reads a chain of augmentations out of a configuration and collects everything wrong with it. */
final class AugmentationParser {
  private static final int MAX_SIDE = 1 << 16;
  private static final int MAX_RATIO = 1000;
  private static final List<String> NAMES =
      List.of(
          "center_crop",
          "color_jitter",
          "flip",
          "lighting",
          "random_crop",
          "random_resized_crop",
          "resize",
          "shift");

  private final String key;
  private final List<String> problems = new ArrayList<>();

  /**
   * @param key where the list stands, for the messages
   */
  AugmentationParser(String key) {
    this.key = key;
  }

  List<String> problems() {
    return List.copyOf(problems);
  }

  /** The steps that are right; complete only if there are no {@link #problems}. */
  List<Augmentation> parse(List<?> steps) {
    List<Augmentation> augmentations = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      step(key + "[" + i + "]", steps.get(i)).ifPresent(augmentations::add);
    }
    return augmentations;
  }

  private Optional<Augmentation> step(String where, Object step) {
    if (!(step instanceof Map<?, ?> map) || map.size() != 1) {
      problems.add(
          "%s: a step is one name with its settings, such as `flip: {probability: 0.5}`, not %s"
              .formatted(where, step));
      return Optional.empty();
    }
    Map.Entry<?, ?> entry = map.entrySet().iterator().next();
    String name = String.valueOf(entry.getKey());
    if (!NAMES.contains(name)) {
      problems.add(
          "%s: there is no augmentation \"%s\"%s".formatted(where, name, suggestion(name, NAMES)));
      return Optional.empty();
    }
    Object value = entry.getValue() == null ? Map.of() : entry.getValue();
    if (!(value instanceof Map<?, ?> settings)) {
      problems.add(
          "%s.%s: its settings are a map, such as `{height: 32, width: 32}`, not %s"
              .formatted(where, name, value));
      return Optional.empty();
    }
    return new Settings(where + "." + name, settings).augmentation(name);
  }

  private static String suggestion(String typed, List<String> known) {
    String near = Suggestions.didYouMean(typed, known);
    return near.isEmpty() ? "; there are " + String.join(", ", new TreeSet<>(known)) : near;
  }

  /** The settings of one step. */
  private final class Settings {
    private final String where;
    private final Map<?, ?> settings;
    private final int problemsBefore = problems.size();

    Settings(String where, Map<?, ?> settings) {
      this.where = where;
      this.settings = settings;
    }

    Optional<Augmentation> augmentation(String name) {
      switch (name) {
        case "flip":
          allow("probability");
          double probability = probability();
          return made() ? Optional.of(new HorizontalFlip(probability)) : Optional.empty();
        case "shift":
          allow("pixels");
          int pixels = integer("pixels", 0, Shift.MAX_PIXELS);
          return made() ? Optional.of(new Shift(pixels)) : Optional.empty();
        case "random_crop":
          allow("height", "width", "padding");
          int padding =
              settings.containsKey("padding") ? integer("padding", 0, RandomCrop.MAX_PADDING) : 0;
          int cropHeight = side("height");
          int cropWidth = side("width");
          return made()
              ? Optional.of(new RandomCrop(cropHeight, cropWidth, padding))
              : Optional.empty();
        case "random_resized_crop":
          return randomResizedCrop();
        case "color_jitter":
          allow("brightness", "contrast", "saturation");
          double brightness = strength("brightness");
          double contrast = strength("contrast");
          double saturation = strength("saturation");
          return made()
              ? Optional.of(new ColorJitter(brightness, contrast, saturation))
              : Optional.empty();
        case "lighting":
          allow("deviation");
          double deviation = number("deviation", 0, Double.MAX_VALUE, OptionalDouble.empty());
          return made() ? Optional.of(new Lighting(deviation)) : Optional.empty();
        case "center_crop":
          allow("height", "width");
          int height = side("height");
          int width = side("width");
          return made() ? Optional.of(new CenterCrop(height, width)) : Optional.empty();
        default:
          return resize();
      }
    }

    private Optional<Augmentation> resize() {
      allow("height", "width", "shorter");
      if (!settings.containsKey("shorter")) {
        int height = side("height");
        int width = side("width");
        return made() ? Optional.of(new Resize(height, width)) : Optional.empty();
      }
      if (settings.containsKey("height") || settings.containsKey("width")) {
        problems.add(where + ": give either height and width, or shorter");
      }
      if (!(settings.get("shorter") instanceof List<?> bounds)) {
        int shorter = side("shorter");
        return made() ? Optional.of(new ResizeShorter(shorter)) : Optional.empty();
      }
      if (!bounds(bounds, 1, MAX_SIDE, true)) {
        problems.add(
            "%s.shorter is a whole number from 1 to %d or two of them, [least, most], not %s"
                .formatted(where, MAX_SIDE, bounds));
      }
      return made()
          ? Optional.of(
              new ResizeShorter(
                  ((Number) bounds.get(0)).intValue(), ((Number) bounds.get(1)).intValue()))
          : Optional.empty();
    }

    private Optional<Augmentation> randomResizedCrop() {
      allow("height", "width", "area", "ratio");
      int height = side("height");
      int width = side("width");
      Range area = range("area", 1, RandomResizedCrop.USUAL_AREA);
      Range ratio = range("ratio", MAX_RATIO, RandomResizedCrop.USUAL_RATIO);
      return made()
          ? Optional.of(new RandomResizedCrop(height, width, area, ratio))
          : Optional.empty();
    }

    private boolean made() {
      return problems.size() == problemsBefore;
    }

    private void allow(String... known) {
      List<String> names = List.of(known);
      for (Object key : settings.keySet()) {
        String name = String.valueOf(key);
        if (!names.contains(name)) {
          problems.add(
              "%s: there is no setting \"%s\"%s".formatted(where, name, suggestion(name, names)));
        }
      }
    }

    private int side(String name) {
      return integer(name, 1, MAX_SIDE);
    }

    private int integer(String name, int least, int most) {
      Object value = settings.get(name);
      boolean whole = value instanceof Integer || value instanceof Long;
      if (!whole || ((Number) value).longValue() < least || ((Number) value).longValue() > most) {
        problems.add(
            value == null
                ? "%s: %s is missing".formatted(where, name)
                : "%s.%s is a whole number from %d to %d, not %s"
                    .formatted(where, name, least, most, value));
        return least;
      }
      return ((Number) value).intValue();
    }

    private double probability() {
      return number("probability", 0, 1, OptionalDouble.of(0.5));
    }

    private double strength(String name) {
      return number(name, 0, Float.MAX_VALUE, OptionalDouble.of(0));
    }

    private double number(String name, double least, double most, OptionalDouble usual) {
      if (usual.isPresent() && !settings.containsKey(name)) {
        return usual.getAsDouble();
      }
      Object value = settings.get(name);
      double number = value instanceof Number given ? given.doubleValue() : Double.NaN;
      if (!(number >= least && number <= most)) {
        problems.add(
            value == null
                ? "%s: %s is missing".formatted(where, name)
                : most < Float.MAX_VALUE
                    ? "%s.%s is a number from %s to %s, not %s"
                        .formatted(where, name, text(least), text(most), value)
                    : "%s.%s is a number of %s or more, not %s"
                        .formatted(where, name, text(least), value));
        return least;
      }
      return number;
    }

    private Range range(String name, double most, Range usual) {
      if (!settings.containsKey(name)) {
        return usual;
      }
      if (!(settings.get(name) instanceof List<?> bounds)
          || !bounds(bounds, Double.MIN_VALUE, most, false)) {
        problems.add(
            "%s.%s is two numbers, [least, most], above 0 and at most %s, not %s"
                .formatted(where, name, text(most), settings.get(name)));
        return usual;
      }
      return new Range(
          ((Number) bounds.get(0)).doubleValue(), ((Number) bounds.get(1)).doubleValue());
    }

    /** Whether these are two numbers in order within the limits. */
    private static boolean bounds(List<?> bounds, double least, double most, boolean whole) {
      if (bounds.size() != 2) {
        return false;
      }
      double before = least;
      for (Object bound : bounds) {
        boolean right =
            whole ? bound instanceof Integer || bound instanceof Long : bound instanceof Number;
        double value = right ? ((Number) bound).doubleValue() : Double.NaN;
        if (!(value >= before && value <= most)) {
          return false;
        }
        before = value;
      }
      return true;
    }

    private static String text(double number) {
      return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
    }
  }
}
