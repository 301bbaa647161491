package dev.convoy.trainer.doctor;

/**
 * A process of the cluster.
 *
 * @param id of the executor, or "driver"
 * @param host that it is on
 */
record Place(String id, String host) {

  private static final String DRIVER = "driver";

  /** The process that asks. An embedded Spark's only executor is the same. */
  static Place driver(String host) {
    return new Place(DRIVER, host);
  }

  boolean isDriver() {
    return id.equals(DRIVER);
  }

  @Override
  public String toString() {
    return isDriver() ? DRIVER : "executor %s on %s".formatted(id, host);
  }
}
