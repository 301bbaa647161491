package dev.convoy.trainer.doctor;

import java.time.Instant;

/**
 * What a probe found in one process.
 *
 * @param place the process
 * @param value what
 * @param asked when, by the driver's clock
 * @param received when, by the driver's clock
 */
record Found<A extends Record>(Place place, A value, Instant asked, Instant received) {}
