package dev.convoy.models.engine.dl4j;

/** A graph that has to be compiled and cannot be. */
public final class UnsupportedGraphException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient CompilationReport report;

  UnsupportedGraphException(CompilationReport report) {
    super(message(report));
    this.report = report;
  }

  /** Every vertex with what stands against it. */
  public CompilationReport report() {
    return report;
  }

  private static String message(CompilationReport report) {
    StringBuilder message = new StringBuilder("The graph cannot be compiled:");
    for (Refusal refusal : report.refusals()) {
      message.append("\n- ").append(refusal);
    }
    return message.toString();
  }
}
