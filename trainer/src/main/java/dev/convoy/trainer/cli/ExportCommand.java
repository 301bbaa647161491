package dev.convoy.trainer.cli;

import dev.convoy.models.export.ExportFormat;
import dev.convoy.trainer.export.CheckpointExport;
import dev.convoy.trainer.export.ExportResult;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code convoy export}. */
@Command(
    name = "export",
    description = "Write a checkpoint's network as safetensors, ONNX or DL4J's zip.")
final class ExportCommand implements Callable<Integer> {

  @ParentCommand private Convoy convoy;
  @Mixin private StoreOptions store;
  @Mixin private OutputOptions output;

  @Option(
      names = "--checkpoint",
      paramLabel = "DIR",
      required = true,
      description = "A checkpoint's folder, or a run's directory for its newest checkpoint.")
  private String checkpoint;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      required = true,
      description =
          "safetensors (PyTorch's state_dict), onnx (opset 13), or dl4j (the zip of"
              + " ModelSerializer, in DL4J's own layers, without an updater).")
  private ExportFormat format;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      required = true,
      description = "The file to write: a path or a URI such as s3a://bucket/resnet50.onnx.")
  private String file;

  @Option(names = "--overwrite", description = "Replace the file if it is there already.")
  private boolean overwrite;

  @Override
  public Integer call() throws Exception {
    Configuration hadoop = store.hadoop();
    CheckpointExport.Existing existing =
        overwrite ? CheckpointExport.Existing.REPLACE : CheckpointExport.Existing.REFUSE;
    ExportResult result =
        CheckpointExport.to(file, existing, hadoop).run(checkpoint, format, hadoop);
    output.say(
        convoy.console(),
        result,
        "%s%s%s of %s as %s: %s, %d bytes, SHA-256 %s"
            .formatted(
                result.model(),
                result.arguments().isEmpty() ? "" : " with " + result.arguments(),
                result.averagedWeights() ? " by the moving average of its weights" : "",
                result.checkpoint(),
                result.format(),
                result.output(),
                result.bytes(),
                result.sha256()));
    return 0;
  }
}
