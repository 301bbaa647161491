package dev.convoy.trainer.export;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import java.util.Map;
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
 * @param arguments of its architecture; a state_dict's tensors do not tell some of them
 * @param parametersSha256 over parameters and running statistics that were written
 * @param averagedWeights whether these are the moving average of a run's weights
 * @param details what the format says besides
 */
public record ExportResult(
    String output,
    String format,
    long bytes,
    String sha256,
    String checkpoint,
    String model,
    Map<String, Object> arguments,
    String parametersSha256,
    boolean averagedWeights,
    @JsonAnyGetter SortedMap<String, Object> details) {}
