/** Reading and writing tensors in the safetensors format. */
package dev.convoy.models.safetensors;
