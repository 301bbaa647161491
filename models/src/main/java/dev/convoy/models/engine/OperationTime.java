package dev.convoy.models.engine;

import dev.convoy.models.engine.ir.Operation;

/** How long one operation took in one run. */
public record OperationTime(Operation operation, long nanoseconds) {}
