package dev.convoy.models.engine;

/**
 * What a plan needs on the device beside parameters, gradient and momentum.
 *
 * @param arenaBytes values; plans of one network share an arena as large as the largest needs
 * @param scratchBytes the library's working memory, shared likewise
 * @param preparedBytes parameters in another form, which plans that want the same form share, and
 *     the plan's losses
 */
public record MemoryNeed(long arenaBytes, long scratchBytes, long preparedBytes) {
  /** All of it. */
  public long bytes() {
    return arenaBytes + scratchBytes + preparedBytes;
  }
}
