package dev.convoy.trainer.export;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.SortedMap;

/**
 * What an export gave.
 *
 * @param output the file
 * @param format "safetensors", "onnx" or "dl4j"
 * @param bytes of the file
 * @param sha256 of the file
 * @param checkpoint that was exported
 * @param model its network's name in the registry
 * @param parametersSha256 over parameters and running statistics, as in the checkpoint's record
 * @param details what the format says besides
 */
public record ExportResult(
    String output,
    String format,
    long bytes,
    String sha256,
    String checkpoint,
    String model,
    String parametersSha256,
    @JsonAnyGetter SortedMap<String, Object> details) {}
