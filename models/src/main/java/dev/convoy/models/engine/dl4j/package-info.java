/** The engine's DL4J side: graphs written as programs, and the graph that runs on them. */
package dev.convoy.models.engine.dl4j;
