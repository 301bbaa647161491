/**
 * The configuration of a training run: records that validate themselves, read from YAML and {@code
 * --set}.
 *
 * <p>The record {@link dev.convoy.trainer.config.ConvoyConfig} is the schema: a component is a key
 * (camelCase here, snake_case in YAML), its annotations give default, meaning and whether it
 * belongs to the experiment or to the operation of a run. Reading, writing, the experiment's digest
 * and the reference of all keys follow from these records alone.
 */
package dev.convoy.trainer.config;
