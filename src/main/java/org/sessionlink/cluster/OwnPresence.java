package org.sessionlink.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.sessionlink.cluster.PresenceWords.At;
import org.sessionlink.cluster.PresenceWords.Who;
import org.sessionlink.link.Gathered;
import org.sessionlink.link.Present;

/**
 * What this node has told the others of who is there by it, and how often it has told
 * something: who misses one of that sees it by the number.
 *
 * <p>
 * What strangers do here takes memory on all nodes: beyond a limit they are counted, and
 * beyond that not told of at all. No link takes more than a part of what is left, so that
 * however many take what they can, there is room for those who take little. Used by one
 * thread.
 */
final class OwnPresence {

	/** Some hundred thousand people; in bytes that another node needs for them. */
	static final long MOST = 64 * 1024 * 1024;

	/** What a destination takes there beside its name. */
	private static final int PLACE = 880;

	/** What somebody takes there beside what is told. */
	private static final int PERSON = 300;

	/** As much of what is left may one link take. */
	private static final int PART = 32;

	private final Map<String, Place> places = new LinkedHashMap<>();

	private final Map<String, Long> lengthsByLink = new HashMap<>();

	private final long most;

	private long length;

	private boolean heldBack;

	private long number;

	OwnPresence(long most) {
		this.most = most;
	}

	/**
	 * Takes over who is at a destination now.
	 * @return what others have to hear of that, or null for nothing
	 */
	@Nullable At update(Gathered now) {
		Place known = this.places.getOrDefault(now.destination(), Place.EMPTY);
		this.length -= known.length;
		known.named.values().forEach((present) -> charge(present, -1));
		Place place = fitting(now, known);
		this.length += place.length;
		if (place.isEmpty()) {
			this.places.remove(now.destination());
		}
		else {
			this.places.put(now.destination(), place);
		}
		return place.since(known, now.destination());
	}

	private Place fitting(Gathered now, Place known) {
		long size = lengthOf(now.destination());
		Map<String, Present> named = new LinkedHashMap<>();
		// First those that others know, so that nobody takes their place.
		for (Present present : knownFirst(now, known)) {
			long with = size + lengthOf(present);
			long left = this.most - this.length - with;
			if (left >= 0 && (known.named.containsKey(present.id()) || lengthWith(present) <= left / PART)) {
				named.put(present.id(), present);
				charge(present, 1);
				size = with;
			}
		}
		int more = now.more() + now.present().size() - named.size();
		this.heldBack |= named.size() < now.present().size();
		return named.isEmpty() ? Place.EMPTY : new Place(named, more, size);
	}

	private static List<Present> knownFirst(Gathered now, Place known) {
		List<Present> all = new ArrayList<>(now.present());
		all.sort(Comparator.comparing((present) -> !known.named.containsKey(present.id())));
		return all;
	}

	private long lengthWith(Present present) {
		return this.lengthsByLink.getOrDefault(present.link(), 0L) + chargeOf(present);
	}

	private void charge(Present present, int times) {
		long length = times * chargeOf(present);
		this.lengthsByLink.merge(present.link(), length, (sum, more) -> (sum + more != 0) ? sum + more : null);
	}

	// With all of the destination, as most have none to themselves.
	private static long chargeOf(Present present) {
		return lengthOf(present.destination()) + lengthOf(present);
	}

	private static long lengthOf(String destination) {
		return PLACE + destination.length();
	}

	private static long lengthOf(Present present) {
		return PERSON + Who.lengthOf(present.user(), present.sockets());
	}

	/** Returns whether somebody was not told of who may fit once others have gone. */
	boolean takeHeldBack() {
		boolean some = this.heldBack;
		this.heldBack = false;
		return some;
	}

	/** Returns the number of what is told next. */
	long next() {
		return ++this.number;
	}

	/** Returns the number of what was told last. */
	long number() {
		return this.number;
	}

	Set<String> destinations() {
		return new LinkedHashSet<>(this.places.keySet());
	}

	/** Returns all that others have to know by now. */
	List<At> all() {
		List<At> all = new ArrayList<>();
		this.places.forEach((destination, place) -> all
			.add(new At(destination, place.more, place.named.values().stream().map(Who::of).toList(), List.of())));
		return all;
	}

	/** Returns what others come to as well who have heard all of it. */
	long digest() {
		List<Gathered> all = new ArrayList<>();
		this.places.forEach((destination, place) -> all
			.add(new Gathered(destination, List.copyOf(place.named.values()), place.more)));
		return digest(all);
	}

	/** Returns a number that is hardly ever that of others, in whatever order. */
	static long digest(Collection<Gathered> all) {
		long sum = 0;
		for (Gathered gathered : all) {
			long place = add(0, gathered.destination());
			sum += mixed(place + gathered.more());
			for (Present present : gathered.present()) {
				long hash = add(place, present.id());
				for (String socket : present.sockets()) {
					hash = add(hash, socket);
				}
				sum += mixed(hash);
			}
		}
		return sum;
	}

	private static long add(long hash, String word) {
		long sum = hash + 1;
		for (int i = 0; i < word.length(); i++) {
			sum = 31 * sum + word.charAt(i);
		}
		return mixed(sum);
	}

	// The last step of SplittableRandom.
	private static long mixed(long hash) {
		long mixed = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
		return mixed ^ (mixed >>> 31);
	}

	private record Place(Map<String, Present> named, int more, long length) {

		private static final Place EMPTY = new Place(Map.of(), 0, 0);

		private boolean isEmpty() {
			return this.named.isEmpty() && this.more == 0;
		}

		private @Nullable At since(Place before, String destination) {
			List<Who> there = new ArrayList<>();
			this.named.forEach((id, present) -> {
				Present known = before.named.get(id);
				if (known == null || !known.sockets().equals(present.sockets())) {
					there.add(Who.of(present));
				}
			});
			List<String> gone = before.named.keySet().stream().filter((id) -> !this.named.containsKey(id)).toList();
			return (there.isEmpty() && gone.isEmpty() && before.more == this.more) ? null
					: new At(destination, this.more, there, gone);
		}

	}

}
