package org.sessionlink.journey;

/**
 * When the journeys of a class begin: once those of all earlier phases have ended. A
 * machine that deploys, publishes and starts browsers has no time for those who measure
 * it.
 */
enum Phase {

	/** At once: what takes the machine's work, and waits as long as that takes. */
	WORK,

	/** The page in browsers, with sessions of several seconds. */
	PAGES,

	/** Sessions and heart-beats of few seconds, which cost little work. */
	TIME

}
