/** Differentiation of programs. */
package dev.convoy.models.engine.autodiff;
