package org.sessionlink.watch;

import org.springframework.http.HttpStatus;

/**
 * Which of the open links somebody wants to see.
 *
 * @param text what is looked for: the start of a fingerprint or an address, or part of a
 * name; empty for all
 * @param order by what they are sorted
 * @param descending whether the largest comes first
 * @param page which page, counted from 0
 */
record LinkQuery(String text, LinkOrder order, boolean descending, int page) {

	private static final int LONGEST = 200;

	/**
	 * Reads what a request asks for.
	 * @param dir {@code asc}, {@code desc}, or empty for what the order has at first
	 * @throws RefusedException if it makes no sense
	 */
	static LinkQuery of(String text, String sort, String dir, int page) {
		LinkOrder order = LinkOrder.of(sort);
		if (order == null) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-sort",
					"Sort by one of " + LinkOrder.names() + ".");
		}
		if (page < 0) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-page", "Pages are counted from 0.");
		}
		if (text.length() > LONGEST) {
			throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-q",
					"Look for at most " + LONGEST + " characters.");
		}
		return new LinkQuery(text.strip(), order, switch (dir) {
			case "" -> order.isDescending();
			case "asc" -> false;
			case "desc" -> true;
			default ->
				throw new RefusedException(HttpStatus.BAD_REQUEST, "invalid-dir", "The direction is one of asc, desc.");
		}, page);
	}

}
