package org.sessionlink.outbound;

import org.sessionlink.link.Links;
import org.sessionlink.link.Presence;

import org.springframework.beans.factory.DisposableBean;

/** Has presence hear of links, as long as there is any (B37). */
class PresenceOfLinks implements DisposableBean {

	private final Links links;

	private final Presence presence;

	PresenceOfLinks(Links links, Presence presence) {
		this.links = links;
		this.presence = presence;
		if (presence.isOn()) {
			links.addListenerOfLinks(presence);
		}
	}

	@Override
	public void destroy() {
		this.links.removeListener(this.presence);
	}

}
