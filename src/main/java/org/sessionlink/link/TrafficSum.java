package org.sessionlink.link;

/**
 * What has gone through sockets until some moment (B23).
 *
 * @param framesIn STOMP frames from the client, without heart-beats
 * @param bytesIn bytes of all that came, heart-beats too
 * @param framesOut STOMP frames to the client, without heart-beats
 * @param bytesOut bytes of all that went, heart-beats too
 */
public record TrafficSum(long framesIn, long bytesIn, long framesOut, long bytesOut) {

	/** Nothing. */
	public static final TrafficSum NONE = new TrafficSum(0, 0, 0, 0);

	/** Returns this and the other together. */
	public TrafficSum plus(TrafficSum other) {
		return new TrafficSum(this.framesIn + other.framesIn, this.bytesIn + other.bytesIn,
				this.framesOut + other.framesOut, this.bytesOut + other.bytesOut);
	}

}
