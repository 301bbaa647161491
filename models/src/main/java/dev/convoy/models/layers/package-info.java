/**
 * Layers and a loss that DL4J lacks, each as a configuration and a reference implementation on ND4J
 * that runs in any stock graph, in float32 and float64.
 */
package dev.convoy.models.layers;
