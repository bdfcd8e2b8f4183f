package org.sessionlink.link;

/**
 * How much one link may ask for (B27); 0 switches a limit off.
 *
 * @param socketsPerLink the most sockets that may be open under one link
 * @param linksPerAddress the most links whose first socket came from one remote address
 * @param framesPerSecond how many frames a link may send for each second that passes
 * @param frameBurst how many frames a link may send at once; 0 switches the limit of
 * frames off altogether, as what may come at once without a limit has no rate
 */
public record LinkLimits(int socketsPerLink, int linksPerAddress, int framesPerSecond, int frameBurst) {

	/** No limits at all. */
	public static final LinkLimits NONE = new LinkLimits(0, 0, 0, 0);

	/** Returns whether the number of frames is limited. */
	boolean limitsFrames() {
		return this.framesPerSecond > 0 && this.frameBurst > 0;
	}

}
