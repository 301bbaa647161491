package dev.convoy.models.weights;

import dev.convoy.models.InvalidModelException;
import dev.convoy.models.state.ParameterKind;
import dev.convoy.models.state.ParameterLayout;
import dev.convoy.models.state.ParameterSlot;
import java.util.ArrayList;
import java.util.List;

/** Whether numbers can be parameters. */
final class ParameterValues {

  private ParameterValues() {}

  /**
   * @throws InvalidModelException naming every tensor that holds a NaN or an infinity, and every
   *     running variance below 0
   */
  static void check(ParameterLayout layout, float[] parameters) {
    List<String> problems = new ArrayList<>();
    for (ParameterSlot slot : layout.slots()) {
      int notFinite = 0;
      int negative = 0;
      for (int i = slot.offset(); i < slot.offset() + slot.length(); i++) {
        notFinite += Float.isFinite(parameters[i]) ? 0 : 1;
        negative += parameters[i] < 0 ? 1 : 0;
      }
      if (notFinite > 0) {
        problems.add(slot.name() + " has " + notFinite + " values that are NaN or infinite");
      }
      if (slot.kind() == ParameterKind.RUNNING_VARIANCE && negative > 0) {
        problems.add(slot.name() + " has " + negative + " variances below 0");
      }
    }
    if (!problems.isEmpty()) {
      throw InvalidModelException.of("The tensors hold what no parameter can be", problems);
    }
  }
}
