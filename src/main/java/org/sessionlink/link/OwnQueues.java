package org.sessionlink.link;

import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

/**
 * Decides for the queues of SessionLink's own, which nobody may send to, and leaves all
 * else to the application's policy.
 */
public final class OwnQueues implements DestinationPolicy {

	private final DestinationPolicy others;

	private final List<OwnQueue> queues;

	private final UnaryOperator<String> ofUsers;

	private OwnQueues(DestinationPolicy others, List<OwnQueue> queues, UnaryOperator<String> ofUsers) {
		this.others = others;
		this.queues = queues;
		this.ofUsers = ofUsers;
	}

	/**
	 * Puts queues before a policy.
	 * @param ofUsers gives the user destination of a queue
	 */
	public static DestinationPolicy before(DestinationPolicy others, List<OwnQueue> queues,
			UnaryOperator<String> ofUsers) {
		return queues.isEmpty() ? others : new OwnQueues(others, queues, ofUsers);
	}

	/** Returns what decides for all that is not SessionLink's own. */
	public static DestinationPolicy behind(DestinationPolicy policy) {
		return (policy instanceof OwnQueues own) ? own.others : policy;
	}

	@Override
	public boolean maySend(Identity identity, String destination) {
		// Whoever it is for: what came so would pass for the server's own words.
		boolean own = destination.startsWith(this.ofUsers.apply(""))
				&& this.queues.stream().anyMatch((queue) -> destination.endsWith('/' + queue.name()));
		return !own && this.others.maySend(identity, destination);
	}

	@Override
	public boolean maySubscribe(Identity identity, String destination) {
		OwnQueue own = queue(destination);
		return (own != null) ? own.isOpenTo(identity) : this.others.maySubscribe(identity, destination);
	}

	private @Nullable OwnQueue queue(String destination) {
		return this.queues.stream()
			.filter((queue) -> this.ofUsers.apply(queue.name()).equals(destination))
			.findFirst()
			.orElse(null);
	}

}
