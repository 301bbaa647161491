package dev.convoy.models.engine.onednn;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_primitive;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.global.dnnl;

/**
 * A primitive with its arguments in place; nothing is allocated when it runs.
 *
 * @param operation for error messages
 */
record PrimitiveStep(
    dnnl_primitive primitive,
    dnnl_stream stream,
    int count,
    dnnl_exec_arg_t arguments,
    Object operation)
    implements Step {

  @Override
  public void run(long seed) {
    int status = dnnl.dnnl_primitive_execute(primitive, stream, count, arguments);
    if (status != dnnl.dnnl_success) {
      Status.check(status, operation);
    }
  }
}
