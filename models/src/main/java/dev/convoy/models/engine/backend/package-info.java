/** What the engine asks of a library that computes. Passes and plans know no library by name. */
package dev.convoy.models.engine.backend;
