package dev.convoy.data.storage;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;

/** A Hadoop configuration that can travel: Hadoop's own class is not {@link Serializable}. */
public final class HadoopSettings implements Serializable {
  private final TreeMap<String, String> values = new TreeMap<>();

  private HadoopSettings() {}

  public static HadoopSettings of(Configuration configuration) {
    HadoopSettings settings = new HadoopSettings();
    for (Map.Entry<String, String> entry : configuration) {
      settings.values.put(entry.getKey(), entry.getValue());
    }
    return settings;
  }

  /** A configuration of its own, with the same keys and (unexpanded) values. */
  public Configuration toConfiguration() {
    Configuration configuration = new Configuration(false);
    values.forEach(configuration::set);
    return configuration;
  }
}
