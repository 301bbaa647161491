package dev.convoy.models.engine.onednn;

import org.bytedeco.dnnl.global.dnnl;

/** What the library's functions return. */
final class Status {
  private Status() {}

  /**
   * Does nothing if the call succeeded.
   *
   * @throws UnsupportedOperationException if the library has no implementation for the arguments
   * @throws IllegalStateException if it failed otherwise
   */
  static void check(int status, Object doing) {
    if (status == dnnl.dnnl_success) {
      return;
    }
    String message = "oneDNN: " + name(status) + ": " + doing;
    if (status == dnnl.dnnl_unimplemented || status == dnnl.dnnl_invalid_arguments) {
      throw new UnsupportedOperationException(message);
    }
    throw new IllegalStateException(message);
  }

  private static String name(int status) {
    if (status == dnnl.dnnl_unimplemented) {
      return "not implemented";
    } else if (status == dnnl.dnnl_invalid_arguments) {
      return "invalid arguments";
    } else if (status == dnnl.dnnl_out_of_memory) {
      return "out of memory";
    }
    return "status " + status;
  }
}
