package org.sessionlink.outbound;

import org.springframework.context.ApplicationEvent;

/** Says that somebody else is behind a socket now (B12). */
final class UserChangedEvent extends ApplicationEvent {

	private static final long serialVersionUID = 1L;

	UserChangedEvent(GatedSocket socket) {
		super(socket);
	}

	GatedSocket socket() {
		return (GatedSocket) getSource();
	}

}
