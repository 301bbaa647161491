/**
 * The project's averaging behind dl4j-spark's {@code TrainingMaster}, for those who have a {@code
 * SparkComputationGraph} and an RDD of DataSets. The way in is {@link
 * dev.convoy.trainer.dl4j.ConvoyTrainingMaster}.
 */
package dev.convoy.trainer.dl4j;
