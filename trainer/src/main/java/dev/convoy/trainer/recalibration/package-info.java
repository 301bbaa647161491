/** Batch norms' running statistics, computed anew over the training set after training. */
package dev.convoy.trainer.recalibration;
