import { frameOf } from './frames.js';

const LONGEST_HANDSHAKE = 10_000;
const NO_SOCKET = { code: 1006, reason: '', wasClean: false };

/**
 * One STOMP connection, which is opened once and closed once.
 *
 * The delegate hears of connected(headers), error({code, sentence, again, retryAfter}), frame(frame) and
 * closed(event, lived), lived in milliseconds and undefined where it was never connected; and of
 * nothing once it has closed the connection itself.
 */
export class Connection {

  #client;
  #heartbeat;
  // Milliseconds between the server's heart-beats; 0 where it has none.
  #expected = 0;
  #delegate;
  #timer;
  #connectedAt;
  #heardAt;
  #beatAt;

  constructor({ Client, url, heartbeat }, connectHeaders, delegate) {
    this.#heartbeat = heartbeat;
    this.#delegate = delegate;
    this.#client = new Client({
      connectHeaders,
      heartbeatIncoming: heartbeat,
      heartbeatOutgoing: heartbeat,
      // A server that fell silent does not answer a close frame either.
      discardWebsocketOnCommFailure: true,
      // The library's own has no jitter.
      reconnectDelay: 0,
      webSocketFactory: () => this.#socket(url),
      debug: (line) => this.#debug(line),
      onConnect: (frame) => this.#connected(frame),
      onStompError: (frame) => this.#error(frame),
      onWebSocketClose: (event) => this.#closed(event),
    });
  }

  get connected() {
    return this.#delegate !== undefined && this.#client.connected;
  }

  open() {
    this.#timer = setTimeout(() => this.#client.forceDisconnect(), LONGEST_HANDSHAKE);
    this.#client.activate();
  }

  /** Says goodbye. */
  close() {
    this.#letGo({});
  }

  /** Waits for nothing, as the peer or the page is gone. */
  discard() {
    this.#letGo({ force: true });
  }

  /** Whether more than two heart-beats of the server are missing, by the clock. */
  get silent() {
    return this.#expected > 0 && Date.now() - this.#heardAt > 2 * this.#expected;
  }

  send(frame) {
    this.#client.publish(frame);
  }

  /** Returns the subscription, by its id and unsubscribe(). */
  subscribe(destination, listener, headers = {}) {
    return this.#client.subscribe(destination, (message) => {
      if (this.#delegate) {
        listener(message);
      }
    }, headers);
  }

  /** Calls the listener with the headers of the RECEIPT of a frame that is sent next. */
  receipt(id, listener) {
    this.#client.watchForReceipt(id, ({ headers }) => {
      if (this.#delegate) {
        listener(headers);
      }
    });
  }

  #letGo(how) {
    clearTimeout(this.#timer);
    this.#delegate = undefined;
    // Nobody wants to hear what becomes of it.
    this.#client.deactivate(how).catch(() => {});
  }

  #connected(frame) {
    clearTimeout(this.#timer);
    this.#connectedAt = this.#heardAt = this.#beatAt = Date.now();
    this.#client.webSocket.addEventListener('message', (event) => this.#heard(event.target));
    this.#expected = this.#pace(frame.headers['heart-beat']);
    this.#delegate?.connected(frame.headers);
  }

  #pace(agreed = '0,0') {
    const theirs = Number.parseInt(agreed, 10) || 0;
    return theirs && this.#heartbeat && Math.max(theirs, this.#heartbeat);
  }

  // The library's timer fires once a minute in a hidden tab, which the server takes for death.
  // What the server sends still comes in time.
  #heard(socket) {
    this.#heardAt = Date.now();
    if (this.#heartbeat > 0 && socket.readyState === 1 && this.#heardAt - this.#beatAt >= this.#heartbeat / 2) {
      this.#beatAt = this.#heardAt;
      socket.send('\n');
    }
  }

  #error({ headers, body }) {
    const retryAfter = headers['retry-after'];
    this.#delegate?.error({
      code: headers.message ?? 'error', sentence: body, again: retryAfter !== undefined, retryAfter: Number(retryAfter),
    });
  }

  #closed({ code, reason, wasClean }) {
    const delegate = this.#delegate;
    const lived = this.#connectedAt === undefined ? undefined : Date.now() - this.#connectedAt;
    this.#letGo({ force: true });
    delegate?.closed({ code, reason, wasClean }, lived);
  }

  #debug(line) {
    const frame = this.#delegate && frameOf(line);
    if (frame) {
      this.#delegate.frame(frame);
    }
  }

  #socket(url) {
    try {
      return new WebSocket(url, this.#client.stompVersions.protocolVersions());
    } catch {
      // What a browser does not even try, such as ws: from a page of https:, the library has no ear for.
      queueMicrotask(() => this.#closed(NO_SOCKET));
      return { readyState: 3, close() {} };
    }
  }

}
