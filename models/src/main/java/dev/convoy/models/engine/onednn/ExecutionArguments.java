package dev.convoy.models.engine.onednn;

import org.bytedeco.dnnl.dnnl_exec_arg_t;
import org.bytedeco.dnnl.dnnl_memory;
import org.bytedeco.javacpp.Pointer;

/** The array that a primitive's execution takes, in memory of the scope's. */
final class ExecutionArguments {
  private final dnnl_exec_arg_t array;
  private int count;

  ExecutionArguments(int capacity, NativeScope scope) {
    long bytes = (long) capacity * Pointer.sizeof(dnnl_exec_arg_t.class);
    this.array = new dnnl_exec_arg_t(new Address(scope.allocate(bytes).address()));
  }

  void add(int number, dnnl_memory memory) {
    array.position(count).arg(number).memory(memory);
    count++;
  }

  int count() {
    return count;
  }

  dnnl_exec_arg_t array() {
    return array.position(0);
  }
}
