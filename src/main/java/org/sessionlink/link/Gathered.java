package org.sessionlink.link;

import java.util.List;

/**
 * Who is at one destination by one server, as servers tell each other (B37).
 *
 * @param present those who are named, in the order in which they came
 * @param more how many others are there
 */
public record Gathered(String destination, List<Present> present, int more) {

	public Gathered {
		present = List.copyOf(present);
	}

}
