package dev.convoy.data.ingest;

import dev.convoy.data.dataset.Fingerprint;
import java.util.List;

/**
 * What the first pass found, put together.
 *
 * @param fingerprint of ids, classes and bytes, 64 lower-case hexadecimal digits
 */
record Content(
    ScanResult scanned, TreeLayout layout, SplitRule rule, ClassTable classes, String fingerprint) {
  static Content of(ScanResult scanned, TreeLayout layout, SplitRule rule) {
    List<String> ids = scanned.images().stream().map(ScannedImage::id).toList();
    Fingerprint fingerprint = new Fingerprint();
    for (ScannedImage image : scanned.images()) {
      fingerprint.add(image.id(), layout.className(image.id()), image.sha256());
    }
    return new Content(scanned, layout, rule, ClassTable.of(ids, layout, rule), fingerprint.hex());
  }
}
