package org.sessionlink.link;

import java.util.concurrent.atomic.AtomicReference;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;

/** B23: what is added up while sockets close, in every order that threads can have. */
class TrafficRacesTest {

	private static final int ORDERS = 200;

	@Test
	void whatWentThroughASocketThatClosesIsCountedOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Link link = new Links(new Midnight(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE);
			FakeSocket socket = new FakeSocket();
			link.add(socket);
			socket.traffic().received(3, 5);
			AtomicReference<TrafficSum> seen = new AtomicReference<>();

			Racing.together(() -> link.remove(socket), () -> seen.set(link.traffic()));

			if (seen.get().framesIn() != 3 || link.traffic().framesIn() != 3) {
				throw new AssertionError("Seen " + seen.get() + ", and then " + link.traffic());
			}
		});
	}

	@Test
	void twoThatForgetOneSocketCountItOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			Link link = new Links(new Midnight(), LinkPolicy.DEFAULT).open("key", "id", Home.GONE);
			FakeSocket socket = new FakeSocket();
			link.add(socket);
			socket.traffic().sent(3, 5);

			Racing.together(() -> link.remove(socket), () -> link.remove(socket));

			if (link.traffic().framesOut() != 3) {
				throw new AssertionError(link.traffic().toString());
			}
		});
	}

}
