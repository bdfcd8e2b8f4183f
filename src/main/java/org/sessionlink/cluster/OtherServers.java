package org.sessionlink.cluster;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.watch.Elsewhere;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators and people see and end on other nodes. Where the store is away there is
 * only this one, and all others count as silent.
 */
final class OtherServers implements Elsewhere {

	private static final Logger logger = LoggerFactory.getLogger(OtherServers.class);

	private final Nodes nodes;

	private final Questions questions;

	private final KeptLinks kept;

	private final Ends ends;

	OtherServers(Nodes nodes, Questions questions, KeptLinks kept, Ends ends) {
		this.nodes = nodes;
		this.questions = questions;
		this.kept = kept;
		this.ends = ends;
	}

	@Override
	public String name() {
		return this.nodes.name();
	}

	@Override
	public String id(Link link) {
		return Records.hash(link.key());
	}

	@Override
	public Answers ask(String question) {
		return this.questions.ask(question);
	}

	@Override
	public void answerWith(UnaryOperator<String> answers) {
		this.questions.answerWith(answers);
	}

	@Override
	public List<Kept> all() {
		return unlessAway(this.kept::all);
	}

	@Override
	public List<Kept> ownedBy(String user) {
		return unlessAway(() -> this.kept.ownedBy(user));
	}

	@Override
	public List<Kept> withFingerprint(String fingerprint) {
		return unlessAway(() -> this.kept.withFingerprint(fingerprint));
	}

	private static List<Kept> unlessAway(Supplier<List<Kept>> ask) {
		try {
			return ask.get();
		}
		catch (StoreAwayException ex) {
			logger.debug("The links of other nodes cannot be seen", ex);
			return List.of();
		}
	}

	@Override
	public Set<String> end(Collection<String> ids, EndCause cause) {
		return this.ends.end(ids, cause);
	}

}
