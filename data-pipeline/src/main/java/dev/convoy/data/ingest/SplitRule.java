package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Split;
import dev.convoy.data.storage.Sha256;
import java.nio.ByteBuffer;

/**
 * Which split an example belongs to: a function of its id, so that further images move none of
 * those that were there. An official split stays; what is left for drawing is drawn by {@link
 * #fraction}: below the test share test, below both shares validation, else train.
 */
final class SplitRule {
  private final TreeLayout layout;
  private final double validationShare;
  private final double testShare;

  SplitRule(TreeLayout layout, double validationShare, double testShare) {
    this.layout = layout;
    boolean officialValidation = layout.officialSplits().containsValue(Split.VALIDATION);
    boolean officialTest = layout.officialSplits().containsValue(Split.TEST);
    this.validationShare = officialValidation ? 0 : validationShare;
    this.testShare = officialTest ? 0 : testShare;
  }

  double validationShare() {
    return validationShare;
  }

  double testShare() {
    return testShare;
  }

  Split of(String id) {
    if (layout.hasOfficialSplits()) {
      Split official = layout.officialSplit(id);
      if (official != Split.TRAIN) {
        return official;
      }
    }
    double drawn = fraction(id);
    if (drawn < testShare) {
      return Split.TEST;
    }
    return drawn < testShare + validationShare ? Split.VALIDATION : Split.TRAIN;
  }

  /** The first 53 bits of SHA-256("split", a zero byte, id) as a fraction: 0 to below 1. */
  static double fraction(String id) {
    long first = ByteBuffer.wrap(Sha256.of("split\0" + id)).getLong();
    return (first >>> 11) * 0x1.0p-53;
  }
}
