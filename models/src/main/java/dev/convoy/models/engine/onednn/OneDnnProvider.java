package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.BackendProvider;
import dev.convoy.models.engine.backend.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** oneDNN on the processor. */
public final class OneDnnProvider implements BackendProvider {

  @Override
  public String name() {
    return "oneDNN for CPUs";
  }

  @Override
  public boolean serves(Device device) {
    return device instanceof Device.Cpu;
  }

  /** The first processor's model as Linux's /proc/cpuinfo names it; the architecture elsewhere. */
  @Override
  public String model(Device device) {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch");
    }
  }

  @Override
  public Backend open(Device device, int threads) {
    return OneDnnBackend.withThreads(threads);
  }
}
