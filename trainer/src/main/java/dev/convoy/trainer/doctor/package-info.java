/**
 * What a run needs of its cluster, looked at before compute is spent: in every executor, and on the
 * driver.
 */
package dev.convoy.trainer.doctor;
