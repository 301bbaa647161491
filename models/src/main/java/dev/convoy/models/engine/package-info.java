/** The compiled engine: a network as a static plan of a vendor library's operations. */
package dev.convoy.models.engine;
