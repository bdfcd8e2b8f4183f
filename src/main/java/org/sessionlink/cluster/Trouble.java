package org.sessionlink.cluster;

import org.jspecify.annotations.Nullable;

/**
 * What can be wrong with Redis, and what to do about it: a sentence for the log (B21).
 */
enum Trouble {

	LOGIN("does not take the user and password of sessionlink.redis.url: correct them", "WRONGPASS", "NOAUTH",
			"invalid password"),

	RIGHTS("does not let the user of sessionlink.redis.url do all that is needed: give it all keys and channels of "
			+ "the namespace, the categories @read, @write, @scripting, @pubsub and @connection, and the command TIME",
			"NOPERM", "can't run this command"),

	FULL("is full: raise its maxmemory, or have it hold less", "OOM"),

	READ_ONLY("takes no changes, as replicas do: sessionlink.redis.url has to name the master", "READONLY"),

	CLUSTERED("is a cluster, or part of one: sessionlink.redis.url has to name a single Redis", "MOVED", "CROSSSLOT",
			"CLUSTERDOWN", "ASK "),

	UNSAVED("cannot write to its disk, and takes no changes: look at its log", "MISCONF"),

	LOADING("is starting, and reads its data", "LOADING", "MASTERDOWN", "BUSY "),

	OLD("is too old: 6.2 or later is needed", "unknown command", "Unknown Redis command", "syntax error"),

	GONE("cannot be reached: look whether it runs, and at host, port and TLS of sessionlink.redis.url");

	private final String sentence;

	private final String[] words;

	Trouble(String sentence, String... words) {
		this.sentence = sentence;
		this.words = words;
	}

	/** Returns what a failure is a sign of. */
	static Trouble of(Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			Trouble known = of(cause.getMessage());
			if (known != null) {
				return known;
			}
		}
		return GONE;
	}

	private static @Nullable Trouble of(@Nullable String message) {
		if (message != null) {
			for (Trouble trouble : values()) {
				for (String word : trouble.words) {
					if (message.contains(word)) {
						return trouble;
					}
				}
			}
		}
		return null;
	}

	String sentence() {
		return this.sentence;
	}

}
