/** The architectures themselves, each a composition of DL4J's layers and ours. */
package dev.convoy.models.zoo;
