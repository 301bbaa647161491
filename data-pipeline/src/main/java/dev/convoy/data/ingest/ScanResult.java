package dev.convoy.data.ingest;

import java.io.Serializable;
import java.util.ArrayList;

/** What one or many tasks found. */
record ScanResult(ArrayList<ScannedImage> images, ArrayList<Reject> rejects)
    implements Serializable {
  static ScanResult empty() {
    return new ScanResult(new ArrayList<>(), new ArrayList<>());
  }

  void addAll(ScanResult other) {
    images.addAll(other.images);
    rejects.addAll(other.rejects);
  }
}
