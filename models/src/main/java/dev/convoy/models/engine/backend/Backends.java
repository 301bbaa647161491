package dev.convoy.models.engine.backend;

import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The backends that a build holds: which device is computed on by which. */
public final class Backends {
  private final List<BackendProvider> providers;

  Backends(List<BackendProvider> providers) {
    this.providers = List.copyOf(providers);
  }

  /** Those on the class path, jars that were added to a running Spark included. */
  public static Backends ofThisBuild() {
    return new Backends(
        ServiceLoader.load(BackendProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  /** Whether there is a backend for devices of this kind. */
  public boolean serve(Device device) {
    return providers.stream().anyMatch(provider -> provider.serves(device));
  }

  /**
   * The one that computes on a device.
   *
   * @throws IllegalArgumentException if this build has none for it, or several, which would leave
   *     the bits to the order of the class path
   */
  public BackendProvider provider(Device device) {
    List<BackendProvider> serving =
        providers.stream().filter(provider -> provider.serves(device)).toList();
    if (serving.size() == 1) {
      return serving.get(0);
    }
    String kind = device.kind().toUpperCase(Locale.ROOT) + "s";
    if (serving.isEmpty()) {
      throw new IllegalArgumentException(
          "this build has no backend for "
              + kind
              + " (it has: "
              + names(providers)
              + "); add the jar of one to the class path, or compute on another device");
    }
    throw new IllegalArgumentException(
        "this build has several backends for "
            + kind
            + ": "
            + names(serving)
            + "; leave one of them on the class path");
  }

  private static String names(List<BackendProvider> providers) {
    return providers.isEmpty()
        ? "none"
        : providers.stream().map(BackendProvider::name).collect(Collectors.joining(", "));
  }
}
