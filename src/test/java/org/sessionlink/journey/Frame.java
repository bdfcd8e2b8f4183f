package org.sessionlink.journey;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A STOMP frame as it goes over the wire, written and read by hand. */
record Frame(String command, Map<String, String> headers, String body) {

	/**
	 * Reads the frames in one WebSocket message; heart-beats, single line feeds, are
	 * none.
	 */
	static List<Frame> parseAll(String text) {
		List<Frame> frames = new ArrayList<>();
		for (String part : text.split("\0")) {
			String frame = part.stripLeading();
			if (!frame.isEmpty()) {
				frames.add(parse(frame));
			}
		}
		return frames;
	}

	private static Frame parse(String text) {
		int end = text.indexOf("\n\n");
		String[] lines = text.substring(0, end).split("\n");
		Map<String, String> headers = new LinkedHashMap<>();
		for (int i = 1; i < lines.length; i++) {
			int colon = lines[i].indexOf(':');
			headers.putIfAbsent(lines[i].substring(0, colon), lines[i].substring(colon + 1));
		}
		return new Frame(lines[0], headers, text.substring(end + 2));
	}

	String header(String name) {
		return this.headers.get(name);
	}

}
