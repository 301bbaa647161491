package dev.convoy.models.engine.onednn;

import org.bytedeco.dnnl.dnnl_engine;
import org.bytedeco.dnnl.dnnl_stream;
import org.bytedeco.dnnl.dnnl_version_t;
import org.bytedeco.dnnl.global.dnnl;

/** The library itself: its one engine for the processor, which lives as long as the process. */
final class CpuEngine {
  private static final dnnl_engine ENGINE = engine();

  private CpuEngine() {}

  private static dnnl_engine engine() {
    dnnl_engine engine = new dnnl_engine();
    Status.check(dnnl.dnnl_engine_create(engine, dnnl.dnnl_cpu, 0), "the processor's engine");
    return engine;
  }

  static dnnl_engine get() {
    return ENGINE;
  }

  /** A stream, freed with the scope. */
  static dnnl_stream stream(NativeScope scope) {
    return scope.make(
        new dnnl_stream(),
        stream -> dnnl.dnnl_stream_create(stream, ENGINE, dnnl.dnnl_stream_default_flags),
        dnnl::dnnl_stream_destroy,
        "a stream");
  }

  /** Name and version of the library. */
  static String version() {
    dnnl_version_t version = dnnl.dnnl_version();
    String number = version.major() + "." + version.minor() + "." + version.patch();
    String revision = version.hash().getString();
    // The presets are built from an archive, which does not know its revision.
    return "oneDNN " + number + (revision.matches("[0-9a-f]+") ? " (" + revision + ")" : "");
  }
}
