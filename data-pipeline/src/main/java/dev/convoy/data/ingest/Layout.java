package dev.convoy.data.ingest;

/** How the folders of an input are read. */
public enum Layout {
  /** Splits if the folders are named and filled like official splits, else classes. */
  AUTO,
  /** ROOT/CLASS/.../image */
  CLASSES,
  /** ROOT/SPLIT/CLASS/.../image, SPLIT being train, val, validation or test */
  SPLITS
}
