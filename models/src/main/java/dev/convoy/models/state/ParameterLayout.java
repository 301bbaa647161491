package dev.convoy.models.state;

import dev.convoy.models.InvalidModelException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * How the tensors of a network, named and shaped as in PyTorch's {@code state_dict}, lie in DL4J's
 * flat parameter vector. Immutable.
 */
public final class ParameterLayout implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final int DIGEST_BLOCK = 1 << 16;

  private final ArrayList<ParameterSlot> slots;

  private ParameterLayout(List<ParameterSlot> slots) {
    this.slots = new ArrayList<>(slots);
  }

  /**
   * Reads the layout of an initialised graph.
   *
   * @throws InvalidModelException if a layer's parameters have no counterpart in PyTorch
   */
  public static ParameterLayout of(ComputationGraph graph) {
    return new ParameterLayout(SlotReader.slots(graph));
  }

  /** The slots in the order of DL4J's flat vector, without holes. */
  public List<ParameterSlot> slots() {
    return List.copyOf(slots);
  }

  /** Length of the flat vector, running statistics included. */
  public int length() {
    return slots.stream().mapToInt(ParameterSlot::length).sum();
  }

  /** Number of trainable parameters, without running statistics. */
  public int trainable() {
    return slots.stream()
        .filter(slot -> slot.kind().trainable())
        .mapToInt(ParameterSlot::length)
        .sum();
  }

  /** The flat vector's tensors by name, copied. */
  public SortedMap<String, NamedTensor> tensors(float[] flat) {
    checkLength(flat);
    SortedMap<String, NamedTensor> tensors = new TreeMap<>();
    for (ParameterSlot slot : slots) {
      float[] values = Arrays.copyOfRange(flat, slot.offset(), slot.offset() + slot.length());
      tensors.put(slot.name(), new NamedTensor(slot.shape(), values));
    }
    return tensors;
  }

  /**
   * The tensors as a flat vector. The names and shapes have to be exactly this layout's.
   *
   * @throws InvalidModelException naming every tensor that is missing, unknown or of another shape
   */
  public float[] flat(Map<String, NamedTensor> tensors) {
    List<String> problems = new ArrayList<>();
    TreeSet<String> unknown = new TreeSet<>(tensors.keySet());
    float[] flat = new float[length()];
    for (ParameterSlot slot : slots) {
      unknown.remove(slot.name());
      NamedTensor tensor = tensors.get(slot.name());
      if (tensor == null) {
        problems.add("missing " + slot.name() + " of shape " + Arrays.toString(slot.shape()));
      } else if (!Arrays.equals(tensor.shape(), slot.shape())) {
        problems.add(
            slot.name()
                + " has shape "
                + Arrays.toString(tensor.shape())
                + " instead of "
                + Arrays.toString(slot.shape()));
      } else {
        System.arraycopy(tensor.values(), 0, flat, slot.offset(), slot.length());
      }
    }
    unknown.forEach(name -> problems.add(name + " is not a tensor of this network"));
    if (!problems.isEmpty()) {
      throw InvalidModelException.of("The tensors do not fit the network", problems);
    }
    return flat;
  }

  /**
   * SHA-256, in hexadecimal, of parameters and running statistics in the order of their names, each
   * as float32 little-endian in C order.
   */
  public String sha256(NetworkState state) {
    checkLength(state.parameters());
    MessageDigest digest = sha256();
    ByteBuffer block = ByteBuffer.allocate(DIGEST_BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    slots.stream()
        .sorted(Comparator.comparing(ParameterSlot::name))
        .forEach(slot -> update(digest, block, state.parameters(), slot));
    return HexFormat.of().formatHex(digest.digest());
  }

  private static void update(
      MessageDigest digest, ByteBuffer block, float[] parameters, ParameterSlot slot) {
    int end = slot.offset() + slot.length();
    for (int from = slot.offset(); from < end; from += DIGEST_BLOCK / Float.BYTES) {
      int count = Math.min(DIGEST_BLOCK / Float.BYTES, end - from);
      block.clear();
      block.asFloatBuffer().put(parameters, from, count);
      digest.update(block.limit(count * Float.BYTES));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Whether a flat vector is one of this network.
   *
   * @throws InvalidModelException if its length is another
   */
  public void checkLength(float[] flat) {
    if (flat.length != length()) {
      throw new InvalidModelException(
          "the state has " + flat.length + " values, the network " + length());
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ParameterLayout that && slots.equals(that.slots);
  }

  @Override
  public int hashCode() {
    return slots.hashCode();
  }
}
