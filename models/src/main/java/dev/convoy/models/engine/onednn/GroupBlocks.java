package dev.convoy.models.engine.onednn;

import dev.convoy.models.engine.ir.Op;
import dev.convoy.models.engine.ir.Shape;
import java.util.Arrays;

/**
 * {@link Op.ExpandGroups} and {@link Op.CollapseGroups}: the row of an output channel in the merged
 * kernel is zero but for the place of its old group.
 */
final class GroupBlocks implements HostKernel {
  private enum Direction {
    EXPAND,
    COLLAPSE
  }

  private final Direction direction;
  private final int merged;
  private final int rows;
  private final int rowsOfGroup;
  private final int thin;
  private final float[] row;
  private final float[] wide;
  private final HostArrays arrays = new HostArrays();

  private GroupBlocks(Direction direction, int groups, int merged, Shape kernel) {
    this.direction = direction;
    this.merged = merged;
    this.rows = kernel.get(0);
    this.rowsOfGroup = rows / groups;
    this.thin = Math.toIntExact(kernel.elements() / rows);
    this.row = new float[thin];
    this.wide = new float[thin * merged];
  }

  static Lowered expand(Op.ExpandGroups op, Lowering lowering) {
    Shape kernel = lowering.input(0).shape();
    return lower(new GroupBlocks(Direction.EXPAND, op.groups(), op.merged(), kernel), lowering);
  }

  static Lowered collapse(Op.CollapseGroups op, Lowering lowering) {
    Shape kernel = lowering.output(0).shape();
    return lower(new GroupBlocks(Direction.COLLAPSE, op.groups(), op.merged(), kernel), lowering);
  }

  private static Lowered lower(GroupBlocks blocks, Lowering lowering) {
    PlainFloats.check(lowering, lowering.input(0), lowering.output(0));
    return Lowered.host(blocks, 1, 1);
  }

  @Override
  public void run(long[] addresses, long seed) {
    for (int r = 0; r < rows; r++) {
      int place = r / rowsOfGroup % merged * thin;
      long thinRow = (long) r * thin * Float.BYTES;
      long wideRow = thinRow * merged;
      if (direction == Direction.EXPAND) {
        arrays.read(addresses[0] + thinRow, row, thin);
        System.arraycopy(row, 0, wide, place, thin);
        arrays.write(wide, wide.length, addresses[1] + wideRow);
        Arrays.fill(wide, place, place + thin, 0);
      } else {
        arrays.read(addresses[0] + wideRow + (long) place * Float.BYTES, row, thin);
        arrays.write(row, thin, addresses[1] + thinRow);
      }
    }
  }
}
