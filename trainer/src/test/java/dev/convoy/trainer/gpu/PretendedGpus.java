package dev.convoy.trainer.gpu;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.BackendProvider;
import dev.convoy.models.engine.backend.Device;
import dev.convoy.models.engine.onednn.OneDnnBackend;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/**
 * A provider for GPUs that computes on the processor, so that it can be seen without a GPU which
 * address reaches the engine: each that a backend is opened on becomes a line of a file.
 */
public final class PretendedGpus implements BackendProvider {

  /** The environment variable, or system property, that names the file. */
  public static final String LOG = "CONVOY_PRETENDED_GPUS";

  private static final String SERVICE = "META-INF/services/" + BackendProvider.class.getName();

  @Override
  public String name() {
    return "pretended GPUs";
  }

  @Override
  public boolean serves(Device device) {
    return device instanceof Device.Gpu;
  }

  @Override
  public String model(Device device) {
    return "a pretended GPU";
  }

  @Override
  public Backend open(Device device, int threads) {
    String log = System.getProperty(LOG, System.getenv(LOG));
    try {
      Files.writeString(
          Path.of(log),
          ((Device.Gpu) device).address() + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return OneDnnBackend.withThreads(threads);
  }

  /** The addresses that backends were opened on so far, one an opening. */
  public static List<String> opened(Path log) throws IOException {
    try {
      return Files.readAllLines(log);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** Names this provider in a folder that can be on a class path. */
  public static Path service(Path folder) throws IOException {
    Path file = folder.resolve(SERVICE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, PretendedGpus.class.getName());
    return folder;
  }

  /** Writes a jar with this provider, as somebody's backend would come. */
  public static Path jar(Path file) throws IOException {
    String classFile = PretendedGpus.class.getName().replace('.', '/') + ".class";
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out);
        InputStream code = PretendedGpus.class.getResourceAsStream("/" + classFile)) {
      jar.putNextEntry(new JarEntry(classFile));
      code.transferTo(jar);
      jar.putNextEntry(new JarEntry(SERVICE));
      jar.write(PretendedGpus.class.getName().getBytes(StandardCharsets.UTF_8));
    }
    return file;
  }
}
