package dev.convoy.trainer.doctor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Says several processes in few words. */
final class Places {

  private static final int NAMED = 3;

  private final int executors;

  /**
   * The words for the processes of a cluster.
   *
   * @param executors how many the cluster has
   */
  Places(int executors) {
    this.executors = executors;
  }

  /** Such as "driver", "executor 0 on host-1", "executors 0-3, 7", "all 100 executors". */
  String text(List<Place> places) {
    if (places.isEmpty()) {
      return "cluster";
    }
    List<Place> asked = places.stream().filter(place -> !place.isDriver()).toList();
    List<String> words = new ArrayList<>();
    if (asked.size() < places.size()) {
      words.add("driver");
    }
    if (asked.size() > 1 && asked.size() == executors) {
      words.add("all %d executors".formatted(executors));
    } else if (asked.size() > NAMED) {
      words.add("executors " + ranges(asked));
    } else {
      asked.forEach(place -> words.add(place.toString()));
    }
    return String.join(", ", words);
  }

  /** Ids in order, neighbours joined: Spark's are numbers everywhere but on Mesos. */
  private static String ranges(List<Place> places) {
    if (!places.stream().allMatch(place -> place.id().matches("\\d{1,9}"))) {
      return places.stream().map(Place::id).sorted().collect(Collectors.joining(", "));
    }
    List<Integer> ids =
        places.stream()
            .map(place -> Integer.parseInt(place.id()))
            .sorted(Comparator.naturalOrder())
            .toList();
    List<String> ranges = new ArrayList<>();
    int first = ids.get(0);
    for (int i = 0; i < ids.size(); i++) {
      boolean last = i + 1 == ids.size() || ids.get(i + 1) != ids.get(i) + 1;
      if (last) {
        ranges.add(first == ids.get(i) ? "" + first : first + "-" + ids.get(i));
        first = i + 1 < ids.size() ? ids.get(i + 1) : first;
      }
    }
    return String.join(", ", ranges);
  }
}
