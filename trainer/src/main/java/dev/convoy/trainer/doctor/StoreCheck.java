package dev.convoy.trainer.doctor;

import dev.convoy.data.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;

/**
 * Every process writes, replaces, reads back, lists and deletes in the run's directory. What it
 * leaves there is the directory itself.
 */
final class StoreCheck implements Check<StoreCheck.Seen> {

  private static final String DRIVERS = "driver";

  private final String run;
  private final Configuration hadoop;
  private final String scratch = "doctor-" + UUID.randomUUID();
  private final byte[] token = scratch.getBytes(StandardCharsets.UTF_8);

  /** Whether a process sees what the driver wrote. */
  record Seen(boolean driversFile) {}

  /**
   * A check of a run's store.
   *
   * @param run the run's directory
   * @param hadoop how to reach it
   */
  StoreCheck(String run, Configuration hadoop) {
    this.run = run;
    this.hadoop = hadoop;
  }

  @Override
  public String name() {
    return "store";
  }

  @Override
  public void prepare() throws IOException {
    Storage.at(run, hadoop).folder(scratch).write(DRIVERS, token);
  }

  @Override
  public Probe<Seen> probe() throws IOException {
    Storage folder = Storage.at(run, hadoop).folder(scratch);
    byte[] expected = token;
    return () -> use(folder, expected);
  }

  private static Seen use(Storage folder, byte[] token) throws IOException {
    String name = "file-" + UUID.randomUUID();
    byte[] first = name.getBytes(StandardCharsets.UTF_8);
    folder.write(name, first);
    expect(Arrays.equals(folder.read(name), first), "what was written is not what is read");
    folder.write(name, token);
    expect(Arrays.equals(folder.read(name), token), "a file that was replaced reads as before");
    expect(!folder.createExclusively(name, first), "a file that is there is created again");
    expect(
        folder.list("").stream().anyMatch(file -> file.name().equals(name)),
        "a file that was written is not listed");
    folder.delete(name);
    expect(!folder.exists(name), "a file that was deleted is still there");
    boolean seen = folder.isFile(DRIVERS) && Arrays.equals(folder.read(DRIVERS), token);
    if (!seen && folder.listing("").isEmpty()) {
      folder.delete("");
    }
    return new Seen(seen);
  }

  private static void expect(boolean right, String problem) throws IOException {
    if (!right) {
      throw new IOException(problem);
    }
  }

  @Override
  public Class<Seen> answer() {
    return Seen.class;
  }

  @Override
  public boolean concernsDriver() {
    return true;
  }

  @Override
  public String advice() {
    return "make the run's directory writable for every machine: s3a:, hdfs:, or a folder mounted on all";
  }

  @Override
  public List<Verdict> judge(List<Found<Seen>> answers) {
    List<Verdict> verdicts = new ArrayList<>();
    for (Found<Seen> found : answers) {
      verdicts.add(
          found.value().driversFile()
              ? Verdict.ok(found.place(), "writes, replaces, reads and deletes in " + run)
              : Verdict.warning(
                  found.place(),
                  "%s is a folder of this machine alone: what the driver wrote is not there"
                      .formatted(run),
                  "use a store that all machines see, or the run can be resumed on the driver's machine only"));
    }
    return verdicts;
  }

  @Override
  public void cleanUp() throws IOException {
    Storage.at(run, hadoop).delete(scratch);
  }
}
