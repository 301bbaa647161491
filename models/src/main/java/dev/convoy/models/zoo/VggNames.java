package dev.convoy.models.zoo;

/** How the layers of a VGG network are named. */
enum VggNames {
  /** As torchvision's modules: every layer of the features has a number. */
  TORCHVISION {
    @Override
    Features features() {
      return new Features() {
        private int module;

        @Override
        String convolution() {
          return other("conv");
        }

        @Override
        String norm() {
          return other("bn");
        }

        @Override
        String other(String kind) {
          return "features." + module++;
        }
      };
    }

    /** Between them are a ReLU and a dropout. */
    @Override
    String dense(int number) {
      return "classifier." + 3 * (number - 1);
    }
  },
  /** As the paper counts: conv1, conv2, ..., fc1, fc2, fc3. */
  NUMBERED {
    @Override
    Features features() {
      return new Features() {
        private int convolutions;
        private int others;

        @Override
        String convolution() {
          return "conv" + ++convolutions;
        }

        @Override
        String norm() {
          return "bn" + convolutions;
        }

        @Override
        String other(String kind) {
          return kind + "." + ++others;
        }
      };
    }

    @Override
    String dense(int number) {
      return "fc" + number;
    }
  };

  /** Gives the names of one network's convolutional part, in the order of its layers. */
  abstract static class Features {
    abstract String convolution();

    abstract String norm();

    /** A layer without parameters. */
    abstract String other(String kind);
  }

  abstract Features features();

  /** The fully connected layer of that number, counted from 1. */
  abstract String dense(int number);
}
