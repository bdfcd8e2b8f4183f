package org.sessionlink.watch;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.TrafficSum;

/**
 * Is like traffic of which there was none: who hears nothing of it takes it for that.
 * Most of the links that servers tell each other of have none.
 */
final class NoTraffic {

	NoTraffic() {
	}

	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof TrafficSum sum && sum.framesIn() == 0 && sum.bytesIn() == 0 && sum.framesOut() == 0
				&& sum.bytesOut() == 0;
	}

	@Override
	public int hashCode() {
		return 0;
	}

}
