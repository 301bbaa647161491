package dev.convoy.models.export;

/**
 * Which part of which vertex' parameters a stock layer has: of each tensor the {@code index}th of
 * {@code of} equal pieces along its first dimension.
 */
record StockPart(String vertex, int index, int of) {
  static StockPart whole(String vertex) {
    return new StockPart(vertex, 0, 1);
  }
}
