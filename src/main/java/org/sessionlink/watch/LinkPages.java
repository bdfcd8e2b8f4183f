package org.sessionlink.watch;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.sessionlink.link.Links;
import org.sessionlink.watch.AllServers.Listed;

import org.springframework.context.annotation.Lazy;

/** Lists the open links, a page at a time, as they are at one moment. */
@Lazy(false)
final class LinkPages {

	private static final int PAGE_SIZE = 50;

	private final Links links;

	private final AllServers servers;

	LinkPages(Links links, AllServers servers) {
		this.links = links;
		this.servers = servers;
	}

	Page page(LinkQuery query) {
		Instant now = this.links.clock().now();
		Listed listed = this.servers.list(query.text(), now);
		List<LinkTold> found = listed.links().stream().sorted(query.order().directed(query.descending())).toList();
		// What is seen of one takes longer than to sort it.
		List<LinkView> page = found.stream()
			.skip((long) query.page() * PAGE_SIZE)
			.limit(PAGE_SIZE)
			.map((link) -> LinkView.of(link, now))
			.toList();
		return new Page(page, query.page(), PAGE_SIZE, found.size() + listed.more(), listed.silent());
	}

	/**
	 * Some of the links, and how many there are in all.
	 *
	 * @param silentNodes the names of servers that have not answered, of whose links only
	 * what the store has is here
	 */
	record Page(List<LinkView> links, int page, int pageSize, int total,
			@JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> silentNodes) {

	}

}
