package dev.convoy.trainer.recalibration;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * A sum on its way through a shuffle, whose bits Spark checks only where it compresses them.
 *
 * @param sum what is sent
 * @param checksum CRC-32C of its numbers
 */
record CheckedSum(StatisticsSum sum, long checksum) implements Serializable {

  static CheckedSum of(StatisticsSum sum) {
    return new CheckedSum(sum, checksumOf(sum));
  }

  /**
   * What was sent.
   *
   * @throws IllegalStateException if it is not that any more
   */
  StatisticsSum checked() {
    if (checksumOf(sum) != checksum) {
      throw new IllegalStateException(
          "chunk %d of batch norms' statistics was damaged on a disk or a network"
              .formatted(sum.chunk()));
    }
    return sum;
  }

  private static long checksumOf(StatisticsSum sum) {
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES + Long.BYTES + 2 * Double.BYTES * sum.means().length);
    bytes.putInt(sum.chunk()).putLong(sum.examples());
    for (int c = 0; c < sum.means().length; c++) {
      bytes.putDouble(sum.means()[c]).putDouble(sum.squares()[c]);
    }
    CRC32C crc = new CRC32C();
    crc.update(bytes.flip());
    return crc.getValue();
  }
}
