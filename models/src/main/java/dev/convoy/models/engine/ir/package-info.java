/**
 * The engine's intermediate form: a list of operations over typed values, each written once (static
 * single assignment). It knows neither DL4J nor any library that computes.
 */
package dev.convoy.models.engine.ir;
