/** What a person sees while a run goes on: a bar on a terminal, plain lines elsewhere. */
package dev.convoy.trainer.progress;
