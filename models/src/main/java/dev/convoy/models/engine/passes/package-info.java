/**
 * Programs to better programs. A pass asks the backend what it can do and knows no backend by name.
 */
package dev.convoy.models.engine.passes;
