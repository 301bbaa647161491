/** The report of a run: one HTML file that needs nothing beside itself. */
package dev.convoy.trainer.report;
