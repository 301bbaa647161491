/**
 * One network on one thread: its training step, its predictions, and the arithmetic they run on.
 */
package dev.convoy.models.training;
