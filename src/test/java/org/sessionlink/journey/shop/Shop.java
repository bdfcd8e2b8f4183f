package org.sessionlink.journey.shop;

/** Names this package to those outside it. */
public final class Shop {

	private Shop() {
	}

}
