package dev.convoy.models.engine.passes;

import dev.convoy.models.engine.ir.Program;

/** Rewrites a program into one that computes the same. */
@FunctionalInterface
public interface Pass {
  Program apply(Program program);
}
