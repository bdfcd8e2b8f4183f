package org.sessionlink.journey;

/** What a page keeps of itself, for tests to ask afterwards. */
final class Recorder {

	/**
	 * To be run before the page's own scripts: keeps each handshake in
	 * {@code window.handshakes} and what becomes of the page in {@code window.happened},
	 * lets it hear nothing more while {@code window.deaf}, as when a connection is gone
	 * without a word, and closes its last connection as a server would by
	 * {@code window.hangUp(code, reason)}.
	 */
	static final String SCRIPT = """
			window.happened = [];
			window.handshakes = [];
			window.deaf = false;
			const on = (target, type) => target.addEventListener(type, (event) => window.happened.push(
			  { type, persisted: event.persisted === true, visible: document.visibilityState === 'visible', at: Date.now() }));
			['pagehide', 'pageshow', 'online', 'offline'].forEach((type) => on(window, type));
			['visibilitychange', 'freeze', 'resume'].forEach((type) => on(document, type));
			window.WebSocket = class extends WebSocket {
			  constructor(...given) {
			    super(...given);
			    window.handshakes.push({ at: Date.now(), visible: document.visibilityState === 'visible' });
			    window.lastSocket = this;
			    for (const type of ['message', 'close', 'error']) {
			      this.addEventListener(type, (event) => window.deaf && event.stopImmediatePropagation());
			    }
			  }
			};
			window.hangUp = (code, reason) =>
			  window.lastSocket.onclose(new CloseEvent('close', { code, reason, wasClean: true }));
			""";

	private Recorder() {
	}

}
