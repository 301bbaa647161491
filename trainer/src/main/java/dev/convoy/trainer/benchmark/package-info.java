/**
 * What {@code convoy bench round}, {@code bench model} and {@code bench training} measure and
 * compute: rounds of real runs, beside those of dl4j-spark's own master (in {@code .peer}), and
 * what a round will cost on a larger cluster.
 */
package dev.convoy.trainer.benchmark;
