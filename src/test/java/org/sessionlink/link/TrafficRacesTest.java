package org.sessionlink.link;

import java.util.concurrent.atomic.AtomicReference;

import org.jetbrains.lincheck.Lincheck;
import org.junit.jupiter.api.Test;
import org.sessionlink.Often;

/** B23: what is added up while sockets close, in every order that threads can have. */
class TrafficRacesTest {

	private static final int ORDERS = Often.times(200);

	@Test
	void whatWentThroughASocketThatClosesIsCountedOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			LinkSockets sockets = new LinkSockets(null, 0);
			FakeSocket socket = new FakeSocket();
			sockets.add(socket);
			socket.traffic().received(3, 5);
			AtomicReference<TrafficSum> seen = new AtomicReference<>();

			Racing.together(() -> sockets.remove(socket), () -> seen.set(sockets.traffic()));

			if (seen.get().framesIn() != 3 || sockets.traffic().framesIn() != 3) {
				throw new AssertionError("Seen " + seen.get() + ", and then " + sockets.traffic());
			}
		});
	}

	@Test
	void twoThatForgetOneSocketCountItOnce() {
		Lincheck.runConcurrentTest(ORDERS, () -> {
			LinkSockets sockets = new LinkSockets(null, 0);
			FakeSocket socket = new FakeSocket();
			FakeSocket other = new FakeSocket();
			sockets.add(socket);
			sockets.add(other);
			socket.traffic().sent(3, 5);
			other.traffic().sent(4, 5);

			Racing.together(() -> sockets.remove(socket), () -> {
				sockets.remove(socket);
				sockets.remove(other);
			});

			if (sockets.traffic().framesOut() != 7) {
				throw new AssertionError(sockets.traffic().toString());
			}
		});
	}

}
