/** The learning rate as a pure function of how much of the training is done. */
package dev.convoy.trainer.schedule;
