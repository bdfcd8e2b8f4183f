package org.sessionlink.link;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;

/**
 * B11: ids that requests bring at once, in every order that threads can have: a model
 * checker tries them.
 */
class SessionIdsRacesTest {

	private static final int ORDERS = Often.times(200);

	@Test
	void anIdThatTheSessionHasLeftNeverComesBackHoweverManyAreBroughtAtOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			SessionIds ids = new SessionIds("old");

			Racing.together(() -> ids.moveTo("new"), () -> ids.moveTo("newer"));

			String now = ids.current();
			if (ids.moveTo("old") || ids.moveTo("new") || ids.moveTo("newer")) {
				throw new AssertionError(now + " was left for " + ids.current());
			}
		});
	}

	@Test
	void aRequestThatIsSlowToBringTheOldIdNeverBringsItBack() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			SessionIds ids = new SessionIds("old");

			Racing.together(() -> ids.moveTo("old"), () -> ids.moveTo("new"));

			if (!ids.current().equals("new")) {
				throw new AssertionError("It is " + ids.current());
			}
		});
	}

}
