/** What this machine's steps cost: the compiled engine, stock DL4J and the library by itself. */
package dev.convoy.models.benchmark;
