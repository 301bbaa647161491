/** A network's parameters as named tensors and as DL4J's flat vector. */
package dev.convoy.models.state;
