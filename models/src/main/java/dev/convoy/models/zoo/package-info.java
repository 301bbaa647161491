/** The architectures themselves, each a composition of DL4J's own layers. */
package dev.convoy.models.zoo;
