package org.sessionlink.link;

/** Whether a client that came back has got all that it had missed (B31). */
public enum Recovered {

	/** All of it. */
	YES,

	/** Not all: what there was is not kept any more. */
	NO

}
