package dev.convoy.trainer.executor;

import java.io.Serializable;

/**
 * Names a run among all that one JVM may serve: of several applications, one after the other or in
 * one driver's tests, and of several runs in one application.
 *
 * @param application Spark's id of it
 * @param run unique within the application
 */
public record RunKey(String application, String run) implements Serializable {}
