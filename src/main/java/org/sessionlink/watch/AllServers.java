package org.sessionlink.watch;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.sessionlink.link.EndCause;
import org.sessionlink.link.Link;
import org.sessionlink.link.Links;
import org.sessionlink.watch.Elsewhere.Answers;
import org.sessionlink.watch.Elsewhere.Kept;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.annotation.Lazy;

/**
 * The links of an application on all of its servers: this one's own, what the others
 * answer, and what the store has, merged. Alone it is this server's own.
 */
@Lazy(false)
final class AllServers implements DisposableBean {

	private static final Logger logger = LoggerFactory.getLogger(AllServers.class);

	private final Links links;

	private final Elsewhere elsewhere;

	private final OwnAnswers own;

	AllServers(Links links, Elsewhere elsewhere) {
		this.links = links;
		this.elsewhere = elsewhere;
		this.own = new OwnAnswers(links, elsewhere);
		elsewhere.answerWith(this::answer);
	}

	@Override
	public void destroy() {
		this.elsewhere.answerWith((question) -> "{}");
	}

	private String answer(String question) {
		return ServersJson.write(this.own.to(ServersJson.read(question, Question.class)));
	}

	/** Returns what this server does by itself. */
	OwnAnswers own() {
		return this.own;
	}

	/** Asks all other servers, and says where each answer comes from. */
	Told ask(Question question) {
		if (this.elsewhere.name() == null) {
			return new Told(List.of(), List.of());
		}
		Answers answers = this.elsewhere.ask(ServersJson.write(question));
		List<Answer> told = new ArrayList<>();
		answers.byServer().forEach((server, answer) -> {
			try {
				told.add(ServersJson.read(answer, Answer.class).on(server));
			}
			catch (RuntimeException ex) {
				logger.warn("The answer of the node {} cannot be read, and is left out", server, ex);
			}
		});
		return new Told(told, answers.silent());
	}

	/**
	 * Returns the names of servers that do not answer.
	 * @param told of which others have heard, though they may be there no more
	 */
	List<String> silent(Collection<String> told) {
		String name = this.elsewhere.name();
		if (name == null) {
			return List.of();
		}
		Answers answers = this.elsewhere.ask(ServersJson.write(Question.of(Question.THERE, (String) null)));
		Set<String> silent = new TreeSet<>(told);
		silent.addAll(answers.silent());
		silent.removeAll(answers.byServer().keySet());
		silent.remove(name);
		return List.copyOf(silent);
	}

	/** Returns all links that match what an operator looks for. */
	Listed list(String query, Instant now) {
		List<LinkTold> all = new ArrayList<>(this.own.matching(query, now));
		Told told = ask(Question.of(Question.LINKS, query));
		int more = 0;
		for (Answer answer : told.answers()) {
			all.addAll(answer.links());
			more += answer.more();
		}
		Map<String, Link> here = here();
		this.elsewhere.all()
			.stream()
			.filter((kept) -> isOpen(kept, here))
			.map(LinkTold::of)
			.filter((kept) -> query.isEmpty() || kept.matches(query))
			.forEach(all::add);
		return new Listed(LinkTold.merged(all), more, told.silent());
	}

	/** Returns the links with a fingerprint, by their ids. */
	Found withFingerprint(String fingerprint) {
		return found(this.links.withFingerprint(fingerprint), List.of(), this.elsewhere.withFingerprint(fingerprint),
				List.of());
	}

	/** Returns the links that somebody of this name is behind. */
	Found ofUser(String name) {
		Told told = ask(Question.of(Question.OF_USER, name));
		return found(this.links.ofUser(name), told.links(), this.elsewhere.ownedBy(name), told.silent());
	}

	/** Returns the links whose HTTP sessions belong to this user. */
	Found ownedBy(String name) {
		Map<String, Link> here = here();
		List<Kept> kept = this.elsewhere.ownedBy(name).stream().filter((one) -> {
			Link link = here.get(one.id());
			// The store may hear of a change a moment later.
			return link == null || link.endCause() == null && name.equals(link.ownership().name());
		}).toList();
		return found(this.links.ownedBy(name), List.of(), kept, List.of());
	}

	/** Returns links with what other servers know of them now. */
	List<LinkTold> lookAt(Found some) {
		if (some.byId().isEmpty()) {
			return List.of();
		}
		Map<String, LinkTold> all = new LinkedHashMap<>(some.byId());
		ask(Question.of(Question.LOOK, List.copyOf(all.keySet()))).links()
			.forEach((link) -> all.computeIfPresent(link.id(), (id, known) -> known.with(link)));
		return List.copyOf(all.values());
	}

	private Found found(List<Link> own, List<LinkTold> told, List<Kept> kept, List<String> silent) {
		Map<String, LinkTold> all = new LinkedHashMap<>();
		this.own.told(own).forEach((link) -> all.merge(link.id(), link, LinkTold::with));
		told.forEach((link) -> all.merge(link.id(), link, LinkTold::with));
		Map<String, Link> here = kept.isEmpty() ? Map.of() : here();
		kept.stream()
			.filter((link) -> isOpen(link, here))
			.map(LinkTold::of)
			.forEach((link) -> all.merge(link.id(), link, LinkTold::with));
		return new Found(all, silent);
	}

	// Of an end the store hears a moment later.
	private static boolean isOpen(Kept kept, Map<String, Link> here) {
		Link link = here.get(kept.id());
		return link == null || link.endCause() == null;
	}

	private Map<String, Link> here() {
		Map<String, Link> byId = new HashMap<>();
		if (this.elsewhere.name() != null) {
			this.links.all().forEach((link) -> byId.put(this.elsewhere.id(link), link));
		}
		return byId;
	}

	String id(Link link) {
		return this.elsewhere.id(link);
	}

	/**
	 * Ends links on all servers: first here, then where others have them, whose sockets
	 * can be named then, and last in the store, which all hear of.
	 */
	Ended end(Collection<LinkTold> wanted) {
		Set<String> ids = new LinkedHashSet<>();
		wanted.forEach((link) -> ids.add(link.id()));
		if (ids.isEmpty()) {
			return new Ended(List.of(), List.of());
		}
		List<Link> open = this.links.open().stream().filter((link) -> ids.contains(id(link))).toList();
		Answer here = this.own.end(open);
		Told told = ask(Question.of(Question.END, List.copyOf(ids)));
		Set<String> over = told.ended(here);
		over.addAll(this.elsewhere.end(ids, EndCause.KICKED));
		return new Ended(wanted.stream().filter((link) -> over.contains(link.id())).map(LinkTold::fingerprint).toList(),
				told.sockets(here), told.silent());
	}

	/** Ends all links on all servers. Returns how many that were, and who is silent. */
	EndedAll endAll() {
		Answer here = this.own.end(this.links.open());
		Told told = ask(Question.of(Question.END_ALL, (String) null));
		Set<String> over = told.ended(here);
		over.addAll(this.elsewhere.end(this.elsewhere.all().stream().map(Kept::id).toList(), EndCause.KICKED));
		return new EndedAll(over.size(), told.silent());
	}

	/**
	 * What others have told.
	 *
	 * @param silent the names of those that have told nothing
	 */
	record Told(List<Answer> answers, List<String> silent) {

		List<LinkTold> links() {
			return this.answers.stream().flatMap((answer) -> answer.links().stream()).toList();
		}

		private Set<String> ended(Answer here) {
			Set<String> over = new LinkedHashSet<>();
			here.links().forEach((link) -> over.add(link.id()));
			links().forEach((link) -> over.add(link.id()));
			return over;
		}

		private List<String> sockets(Answer here) {
			List<String> ids = new ArrayList<>();
			here.sockets().forEach((socket) -> ids.add(socket.socket()));
			this.answers.forEach((answer) -> answer.sockets().forEach((socket) -> ids.add(socket.socket())));
			return ids;
		}

		/** Returns the answer of who has the socket that was asked for, or null. */
		@Nullable Answer found() {
			return this.answers.stream().filter(Answer::found).findFirst().orElse(null);
		}

	}

	/**
	 * Links that were found, each once.
	 *
	 * @param byId by what names them on all servers
	 */
	record Found(Map<String, LinkTold> byId, List<String> silent) {

		/** Returns these with what others have told of them, and of more. */
		Found and(Told told) {
			Map<String, LinkTold> all = new LinkedHashMap<>(this.byId);
			told.links().forEach((link) -> all.merge(link.id(), link, LinkTold::with));
			return new Found(all, told.silent());
		}

		/** Returns those with this fingerprint. */
		List<LinkTold> with(String fingerprint) {
			return this.byId.values().stream().filter((link) -> link.fingerprint().equals(fingerprint)).toList();
		}

	}

	/**
	 * Links for a list.
	 *
	 * @param more how many there are besides, which are not told
	 */
	record Listed(List<LinkTold> links, int more, List<String> silent) {

	}

	/**
	 * How many links have ended at once.
	 *
	 * @param silent the names of servers that have not answered
	 */
	record EndedAll(int links, List<String> silent) {

	}

}
