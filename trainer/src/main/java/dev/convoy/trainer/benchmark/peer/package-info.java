/** Rounds of dl4j-spark's own parameter averaging, on DL4J's own layers, for comparison. */
package dev.convoy.trainer.benchmark.peer;
