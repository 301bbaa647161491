package dev.convoy.trainer.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the {@link ReferenceRun}, made once for all of them. */
final class ReferenceRunExtension implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType().equals(ReferenceRun.class);
  }

  @Override
  public ReferenceRun resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(ReferenceRunExtension.class))
        .getOrComputeIfAbsent(Shared.class, key -> Shared.make(), Shared.class)
        .run();
  }

  private record Shared(Path folder, ReferenceRun run) implements CloseableResource {

    static Shared make() {
      Path folder;
      try (Processes processes = new Processes()) {
        folder = Files.createTempDirectory("convoy-reference");
        return new Shared(folder, ReferenceRun.in(folder, processes));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while the reference run was made", e);
      }
    }

    @Override
    public void close() throws IOException {
      List<Path> all;
      try (Stream<Path> found = Files.walk(folder)) {
        all = found.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path path : all) {
        Files.delete(path);
      }
    }
  }
}
