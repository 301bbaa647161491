/** Architectures by name, what they cost, and how their parameters are initialised. */
package dev.convoy.models;
