/** Where the values of a program lie, planned from how long they live. */
package dev.convoy.models.engine.memory;
