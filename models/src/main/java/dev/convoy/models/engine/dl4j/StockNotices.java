package dev.convoy.models.engine.dl4j;

import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each reason that something runs on stock layers. */
final class StockNotices {
  private static final Logger LOG = LoggerFactory.getLogger(CompiledGraph.class);

  private final Set<String> said = new HashSet<>();

  synchronized void say(String what, String reason) {
    if (said.add(what + reason)) {
      LOG.info("{} on stock DL4J layers: {}", what, reason);
    }
  }
}
