package dev.convoy.trainer.training;

import java.util.Optional;

/**
 * What a finished run gives, on standard output with {@code --json} and in {@code result.json}.
 *
 * @param run its directory
 * @param epochs done
 * @param rounds done
 * @param examples used
 * @param skippedExamples of these, those of workers that diverged and were left out of their
 *     round's average
 * @param seconds of all its rounds' wall time, over all resumes
 * @param split that top1 and top5 are of
 * @param top1 share right at first guess; empty if there is no split to evaluate
 * @param top5 share right within five guesses
 * @param parametersSha256 over parameters and running statistics as trained
 * @param emaParametersSha256 the same of their moving average, which top1 and top5 are of where one
 *     is kept
 * @param checkpoint the last one
 * @param report the HTML report
 */
public record RunResult(
    String run,
    int epochs,
    long rounds,
    long examples,
    long skippedExamples,
    double seconds,
    Optional<String> split,
    Optional<Double> top1,
    Optional<Double> top5,
    String parametersSha256,
    Optional<String> emaParametersSha256,
    String checkpoint,
    String report) {}
