package dev.convoy.models.engine.ir;

import java.util.Objects;

/**
 * How the elements of a tensor lie in memory. Shapes are always logical: {@code [batch, channels,
 * height, width]} for activations, {@code [out, in / groups, height, width]} for kernels, whatever
 * the layout.
 */
public sealed interface Layout {
  /** Row-major in the order of the logical shape. */
  Layout PLAIN = Standard.PLAIN;

  /** Channels are innermost: NHWC in memory. */
  Layout CHANNELS_LAST = Standard.CHANNELS_LAST;

  /** Channels in blocks of the backend's width, the block innermost: nChw16c in memory. */
  Layout CHANNELS_BLOCKED = Standard.CHANNELS_BLOCKED;

  /** Not chosen yet: the backend's kernel will say what it wants. */
  Layout ANY = Standard.ANY;

  /** The layouts that every backend can name. */
  enum Standard implements Layout {
    PLAIN,
    CHANNELS_LAST,
    CHANNELS_BLOCKED,
    ANY
  }

  /**
   * A layout that only the backend understands, made by it for one of its kernels. Two are the same
   * if their formats are equal.
   *
   * @param format the backend's own description, with a value's {@code equals}
   * @param bytes what a tensor of this layout occupies
   */
  record Packed(Object format, long bytes) implements Layout {
    public Packed {
      Objects.requireNonNull(format);
      if (bytes < 0) {
        throw new IllegalArgumentException("a layout cannot occupy " + bytes + " bytes");
      }
    }

    @Override
    public String toString() {
      return "packed[" + bytes + "]";
    }
  }
}
