package org.sessionlink.journey.square;

/** Names this package to those outside it. */
public final class Square {

	private Square() {
	}

}
