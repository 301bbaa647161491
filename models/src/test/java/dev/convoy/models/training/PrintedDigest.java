package dev.convoy.models.training;

import dev.convoy.models.ModelSpec;

/** A program that trains a small network and prints its digest, for {@link ReplicaBitsTest}. */
final class PrintedDigest {
  static final String MARK = "sha256 ";

  private PrintedDigest() {}

  /** The argument is a number of threads. */
  public static void main(String[] arguments) {
    System.out.println(MARK + digest(Integer.parseInt(arguments[0])));
  }

  /** Of the state after six steps, in the precision that is usual here. */
  static String digest(int threads) {
    ModelSpec spec = Replicas.SMALL_RESNET;
    ComputeProfile profile = ComputeProfile.resolve(threads, PrecisionChoice.AUTO);
    try (TrainingReplica replica = TrainingReplica.create(spec, Replicas.PLAIN, 0.1, profile)) {
      replica.initialise(1);
      Replicas.train(replica, spec, 6);
      return replica.layout().sha256(replica.capture());
    }
  }
}
