package org.sessionlink.journey;

import java.util.List;
import java.util.Map;

/** What a scenario has shown: its figures, and why any side has failed. */
record Outcome(List<Row> rows, Map<Row.Side, String> failures) {

}
