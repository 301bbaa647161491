/**
 * A trained network in other software's formats: safetensors for PyTorch, ONNX, and the zip that
 * stock DL4J opens. Equal networks give equal bytes.
 */
package dev.convoy.models.export;
