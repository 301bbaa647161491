package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Images that stand in more than one split with the same bytes: scores on them say nothing. */
final class SplitOverlap {
  private SplitOverlap() {}

  /** What to tell the person, if there are any. */
  static Optional<String> warning(List<ScannedImage> images, SplitRule rule) {
    List<ScannedImage> byDigest =
        images.stream().sorted((a, b) -> Arrays.compareUnsigned(a.sha256(), b.sha256())).toList();
    long repeated = 0;
    Optional<String> example = Optional.empty();
    for (int first = 0, end; first < byDigest.size(); first = end) {
      end = first + 1;
      while (end < byDigest.size() && sameBytes(byDigest.get(first), byDigest.get(end))) {
        end++;
      }
      ScannedImage one = byDigest.get(first);
      Split split = rule.of(one.id());
      Optional<ScannedImage> elsewhere =
          byDigest.subList(first + 1, end).stream()
              .filter(image -> rule.of(image.id()) != split)
              .findFirst();
      if (elsewhere.isPresent()) {
        repeated++;
        String other = elsewhere.get().id();
        example =
            example.or(
                () ->
                    Optional.of(
                        one.id()
                            + " ("
                            + split.word()
                            + ") and "
                            + other
                            + " ("
                            + rule.of(other).word()
                            + ")"));
      }
    }
    long count = repeated;
    return example.map(
        pair ->
            count
                + (count == 1 ? " image stands" : " images stand")
                + " in more than one split with the same bytes, "
                + pair
                + " for example: a network is scored on what it was trained on");
  }

  private static boolean sameBytes(ScannedImage one, ScannedImage other) {
    return Arrays.equals(one.sha256(), other.sha256());
  }
}
