package dev.convoy.models.engine;

import dev.convoy.models.engine.backend.Executable;
import dev.convoy.models.engine.ir.Program;

/** A program that is ready to run in an arena of at least that size. */
record CompiledProgram(Program program, Executable executable, long arenaBytes) {}
