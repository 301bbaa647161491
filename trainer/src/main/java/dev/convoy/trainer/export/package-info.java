/** Checkpoints in other software's formats. */
package dev.convoy.trainer.export;
