package org.sessionlink.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** What is done in Redis, each in one atomic step: the scripts beside this class. */
enum Script {

	/** Makes or changes the record of a link. */
	SAVE,

	/** Reads the record of a link, by the id of its session or by its hash. */
	LOAD,

	/** Takes note of a use. */
	TOUCH,

	/** Says how some links are, and ends those that are over if it is asked to. */
	LOOK,

	/** Ends a link. */
	END,

	/** Ends links. */
	KICK,

	/** Counts a link for its owner, and ends what is too many. */
	PLACE,

	/** Promises a login a place among the sessions of its user. */
	PROMISE,

	/** Gives a promised place back. */
	UNPROMISE,

	/** Takes note of from where a session is used. */
	SEEN,

	/** Reads of many links what there is to show. */
	LIST,

	/** Forgets links whose records are gone. */
	SWEEP,

	/** Says whether Redis throws sessions away. */
	POLICY,

	/** Numbers a message, keeps it and tells all nodes (B31). */
	PUBLISH("history"),

	/** Reads what came after a message. */
	RESUME("history"),

	/** Says where destinations are that are kept. */
	HEADS("history"),

	/** Says which node handles a message that its client may repeat (B52). */
	SENT,

	/** Takes note that a node leaves. */
	LEAVE,

	/** Tries whether all that is needed can be done, and says which nodes there are. */
	PULSE;

	private final byte[] text;

	private final String digest;

	Script(String... shared) {
		StringBuilder all = new StringBuilder(resource("common"));
		for (String part : shared) {
			all.append(resource(part));
		}
		this.text = (all + resource(name().toLowerCase(Locale.ROOT))).getBytes(StandardCharsets.UTF_8);
		this.digest = digest(this.text);
	}

	byte[] text() {
		return this.text;
	}

	/** Returns the name by which Redis knows it once it has run. */
	String digest() {
		return this.digest;
	}

	private static String resource(String name) {
		try (InputStream lua = Script.class.getResourceAsStream(name + ".lua")) {
			if (lua == null) {
				throw new IllegalStateException(name + ".lua is missing beside " + Script.class);
			}
			return new String(lua.readAllBytes(), StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Redis names scripts by SHA-1, which is no secret here.
	private static String digest(byte[] text) {
		try {
			return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
