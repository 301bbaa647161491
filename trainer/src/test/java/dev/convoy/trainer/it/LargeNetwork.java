package dev.convoy.trainer.it;

import java.util.List;

/**
 * A network with all that LeNet has not: batch norms, dropout, and so many parameters that two task
 * slots average it in two slices.
 */
final class LargeNetwork {

  /** What differs from the reference's file, as {@code --set} takes it. */
  static final List<String> SETTINGS =
      List.of(
          "model={name: vgg11, arguments: {batch_norm: 1, width: 4, hidden: 640},"
              + " input: {channels: 1, height: 32, width: 32}}",
          "augment={train: [{resize: {height: 32, width: 32}}, {shift: {pixels: 2}}],"
              + " evaluate: [{resize: {height: 32, width: 32}}]}",
          "epochs=1",
          "sync.steps=4");

  private LargeNetwork() {}
}
