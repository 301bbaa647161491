/**
 * The engine's backend for x86 processors: oneDNN's primitives through its C interface, and loops
 * in Java for what it does not have. It knows the intermediate form and the backend's interfaces,
 * and nothing of DL4J or ND4J.
 */
package dev.convoy.models.engine.onednn;
