package org.sessionlink.history;

import java.util.List;

/**
 * What a deployer decides about messages that are kept (B31).
 *
 * @param keep of which destinations, the first rule that fits; of no other
 * @param memory how many bytes of all of them together; 0 for any number
 */
public record HistorySettings(List<KeepRule> keep, int memory) {

	/** Nothing is kept. */
	public static final HistorySettings NONE = new HistorySettings(List.of(), 0);

	public HistorySettings {
		keep = List.copyOf(keep);
	}

}
