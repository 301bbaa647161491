package dev.convoy.data.image;

/** The five filters of PNG (section 9 of the specification), undone in place. */
final class PngFilter {
  private PngFilter() {}

  /**
   * @param row the filter byte, then the filtered bytes
   * @param above the row above, unfiltered, or zeros
   * @param distance bytes to the pixel on the left
   */
  static void undo(byte[] row, byte[] above, int distance) throws UnreadableImageException {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = 1 + distance; i < row.length; i++) {
          row[i] += row[i - distance];
        }
      }
      case 2 -> {
        for (int i = 1; i < row.length; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i < row.length; i++) {
          int left = i > distance ? row[i - distance] & 0xff : 0;
          row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i < row.length; i++) {
          int left = i > distance ? row[i - distance] & 0xff : 0;
          int corner = i > distance ? above[i - distance] & 0xff : 0;
          row[i] += (byte) paeth(left, above[i] & 0xff, corner);
        }
      }
      default ->
          throw new UnreadableImageException("damaged PNG: no filter has the number " + row[0]);
    }
  }

  private static int paeth(int left, int above, int corner) {
    int estimate = left + above - corner;
    int byLeft = Math.abs(estimate - left);
    int byAbove = Math.abs(estimate - above);
    int byCorner = Math.abs(estimate - corner);
    if (byLeft <= byAbove && byLeft <= byCorner) {
      return left;
    }
    return byAbove <= byCorner ? above : corner;
  }
}
