package dev.convoy.models.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A batch cut into parts whose sizes differ by at most one, the larger ones first. */
record MicroBatches(int examples, int parts) {

  /** Examples {@code begin} to {@code end - 1} of the batch. */
  record Part(int begin, int end) {
    int examples() {
      return end - begin;
    }

    /** Its rows of the batch's, of so many numbers each. */
    float[] rows(float[] all, int length) {
      return Arrays.copyOfRange(all, begin * length, end * length);
    }
  }

  /** As many parts as asked for, or one an example where there are fewer. */
  List<Part> cut() {
    int count = Math.min(parts, examples);
    List<Part> cut = new ArrayList<>(count);
    int begin = 0;
    for (int i = 0; i < count; i++) {
      int end = begin + examples / count + (i < examples % count ? 1 : 0);
      cut.add(new Part(begin, end));
      begin = end;
    }
    return cut;
  }

  /** Examples of the largest part. */
  int largest() {
    return (examples + Math.min(parts, examples) - 1) / Math.min(parts, examples);
  }
}
