package dev.convoy.trainer.cli;

import dev.convoy.data.InvalidRequestException;
import dev.convoy.data.storage.Storage;
import dev.convoy.trainer.config.Configurations;
import dev.convoy.trainer.config.ConvoyConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The configuration that a command is about. */
final class ConfigOptions {

  @Option(names = "--config", paramLabel = "FILE", description = "The configuration, as YAML.")
  private String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Sets a key of the configuration. Repeatable.")
  private List<String> overrides = new ArrayList<>();

  /**
   * Reads it.
   *
   * @param store how to reach the file, which may lie in any file system
   * @throws InvalidRequestException if there is no such file
   * @throws dev.convoy.trainer.config.ConfigurationException with everything that is wrong in it
   */
  ConvoyConfig load(StoreOptions store) throws IOException {
    if (config == null) {
      throw new InvalidRequestException(
          "--config FILE is missing; `train --help-config` prints what the file can hold");
    }
    int slash = config.lastIndexOf('/');
    String folder = slash < 0 ? "." : config.substring(0, Math.max(slash, 1));
    String name = config.substring(slash + 1);
    Storage storage = Storage.at(folder, store.hadoop());
    if (name.isEmpty() || !storage.isFile(name)) {
      throw new InvalidRequestException(
          "there is no configuration file " + (name.isEmpty() ? config : storage.location(name)));
    }
    String text = new String(storage.read(name), StandardCharsets.UTF_8);
    return Configurations.load(text, overrides);
  }
}
