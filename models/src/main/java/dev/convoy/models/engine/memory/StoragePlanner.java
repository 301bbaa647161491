package dev.convoy.models.engine.memory;

import dev.convoy.models.engine.backend.Backend;
import dev.convoy.models.engine.backend.StoragePlan;
import dev.convoy.models.engine.ir.Operation;
import dev.convoy.models.engine.ir.Program;
import dev.convoy.models.engine.ir.Value;
import dev.convoy.models.engine.memory.Lifetimes.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the values of a program into one arena. Values that are not needed at the same time share
 * memory; a result takes its operand's place where the backend computes in place. Offsets are found
 * by taking the blocks by size, the largest first, each to the smallest gap that holds it
 * (Pisarchyk and Lee 2020, arXiv:2001.03288, section 5).
 */
public final class StoragePlanner {
  private static final long ALIGNMENT = 64;

  private final Backend backend;

  public StoragePlanner(Backend backend) {
    this.backend = backend;
  }

  /** Values that lie at the same place. */
  private static final class Block {
    private Span span;
    private long bytes;
    private long offset;

    Block(Span span, long bytes) {
      this.span = span;
      this.bytes = bytes;
    }
  }

  /** A place for every value that is not external. */
  public StoragePlan plan(Program program) {
    Map<Value, Block> blocks = blocks(program);
    List<Block> distinct = new ArrayList<>(blocks.values().stream().distinct().toList());
    distinct.sort(
        Comparator.comparingLong((Block b) -> -b.bytes).thenComparingInt(b -> b.span.first()));
    List<Block> placed = new ArrayList<>();
    long arena = 0;
    for (Block block : distinct) {
      block.offset = bestOffset(block, placed);
      placed.add(block);
      arena = Math.max(arena, block.offset + block.bytes);
    }
    Map<Value, Long> offsets = new HashMap<>();
    blocks.forEach((value, block) -> offsets.put(value, block.offset));
    return new StoragePlan(offsets, arena);
  }

  private Map<Value, Block> blocks(Program program) {
    Map<Value, Span> spans = Lifetimes.of(program);
    Map<Value, Block> blocks = new HashMap<>();
    for (int i = 0; i < program.operations().size(); i++) {
      Operation operation = program.operations().get(i);
      for (int output = 0; output < operation.outputs().size(); output++) {
        Value value = operation.output(output);
        if (!spans.containsKey(value)) {
          continue;
        }
        Span span = spans.get(value);
        Block block =
            (output == 0 ? shared(operation, i, blocks) : Optional.<Block>empty())
                .orElseGet(() -> new Block(span, aligned(backend.bytes(value.type()))));
        block.span = block.span.joined(span);
        blocks.put(value, block);
      }
    }
    return blocks;
  }

  /** The block of the operand whose place the first output takes. */
  private Optional<Block> shared(Operation operation, int index, Map<Value, Block> blocks) {
    for (int i = 0; i < operation.inputs().size(); i++) {
      Value input = operation.input(i);
      Block block = blocks.get(input);
      Overwriting overwriting = Overwriting.of(operation, i, backend);
      if (block == null || overwriting == Overwriting.NEVER) {
        continue;
      }
      boolean free =
          block.span.last() == index && backend.bytes(operation.output(0).type()) <= block.bytes;
      if (overwriting == Overwriting.ALWAYS || free) {
        return Optional.of(block);
      }
    }
    return Optional.empty();
  }

  private static long bestOffset(Block block, List<Block> placed) {
    List<Block> neighbours =
        placed.stream()
            .filter(other -> other.span.overlaps(block.span))
            .sorted(Comparator.comparingLong(other -> other.offset))
            .toList();
    long best = -1;
    long smallest = Long.MAX_VALUE;
    long end = 0;
    for (Block other : neighbours) {
      long gap = other.offset - end;
      if (gap >= block.bytes && gap < smallest) {
        smallest = gap;
        best = end;
      }
      end = Math.max(end, other.offset + other.bytes);
    }
    return best >= 0 ? best : end;
  }

  private static long aligned(long bytes) {
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  }
}
