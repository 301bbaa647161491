package dev.convoy.trainer.dl4j;

/** In which form a batch norm keeps the running spread of a channel. */
enum DeviationForm {
  /** {@code var}; DL4J's {@code useLogStd(false)}. */
  VARIANCE {
    @Override
    float toVariance(float kept) {
      return kept;
    }

    @Override
    float ofVariance(float variance) {
      return variance;
    }
  },

  /** {@code log10(sqrt(var))}; DL4J's default. */
  LOG10_STD {
    @Override
    float toVariance(float kept) {
      return (float) Math.pow(10, 2.0 * kept);
    }

    @Override
    float ofVariance(float variance) {
      return (float) (0.5 * Math.log10(variance));
    }
  };

  abstract float toVariance(float kept);

  abstract float ofVariance(float variance);
}
