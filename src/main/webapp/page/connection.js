import { Client } from '../lib/stompjs/index.js';
import { Backoff } from './backoff.js';

const SETTLED = 10_000;
const HEARTBEAT = 10_000;
const POLICY_VIOLATION = 1008;

/**
 * The greeting over STOMP. A connection that breaks comes back by itself; one that the server
 * ended together with its session does not (B16).
 *
 * The delegate hears of connecting(), connected(), waiting(why, delay) with the delay in
 * milliseconds, ended(reason), expiring(seconds), extended(), greeted(name) and
 * refused(sentence, code).
 */
export class Connection {

  #url;
  #delegate;
  #backoff = new Backoff(1_000, 30_000);
  #client;
  #timer;
  #connectedAt;
  #lastBeat;

  constructor(url, delegate) {
    this.#url = url;
    this.#delegate = delegate;
  }

  start() {
    this.stop();
    this.#backoff.reset();
    this.#open();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#client?.deactivate();
    this.#client = undefined;
  }

  /** Sends a name, or throws where there is no connection to send it over. */
  send(name) {
    if (!this.#client?.connected) {
      throw new Error('There is no connection: the name was not sent.');
    }
    this.#client.publish({ destination: '/app/message', body: JSON.stringify({ name }) });
  }

  /** Asks for more time for the session; extended() is the answer, in all tabs. */
  extend() {
    this.#client?.publish({ destination: '/app/session/extend' });
  }

  #open() {
    const client = new Client({
      brokerURL: this.#url,
      connectionTimeout: 10_000,
      heartbeatIncoming: HEARTBEAT,
      heartbeatOutgoing: HEARTBEAT,
      // A server that fell silent does not answer a close frame either.
      discardWebsocketOnCommFailure: true,
      // The library's own has no jitter.
      reconnectDelay: 0,
    });
    this.#client = client;
    client.onConnect = this.#whileCurrent(() => this.#connected());
    client.onStompError = this.#whileCurrent((frame) => this.#delegate.refused(frame.body, frame.headers.message));
    client.onWebSocketClose = this.#whileCurrent((event) => this.#closed(event));
    this.#connectedAt = undefined;
    this.#delegate.connecting();
    client.activate();
  }

  #connected() {
    this.#connectedAt = this.#lastBeat = Date.now();
    this.#client.webSocket.addEventListener('message', (event) => this.#beat(event.target));
    this.#client.subscribe('/user/queue/session',
      this.#whileCurrent((message) => this.#noticed(JSON.parse(message.body))));
    this.#client.subscribe('/user/queue/errors',
      this.#whileCurrent((message) => this.#refused(JSON.parse(message.body))));
    this.#client.subscribe('/topic/reply',
      this.#whileCurrent((message) => this.#delegate.greeted(message.body)));
    this.#delegate.connected();
  }

  // That the session has ended the close frame says as well, with the same cause.
  #noticed({ event, remainingSeconds }) {
    if (event === 'EXPIRING') {
      this.#delegate.expiring(remainingSeconds);
    } else if (event === 'EXTENDED') {
      this.#delegate.extended();
    }
  }

  #refused({ error, message }) {
    this.#delegate.refused(message, error);
  }

  // Nobody wants to hear what becomes of a client that was let go.
  #whileCurrent(listener) {
    const client = this.#client;
    return (event) => {
      if (client === this.#client) {
        listener(event);
      }
    };
  }

  // The library's timer fires once a minute in a hidden tab, which the server takes for death.
  // What the server sends still comes in time.
  #beat(socket) {
    if (socket.readyState === WebSocket.OPEN && Date.now() - this.#lastBeat >= HEARTBEAT / 2) {
      this.#lastBeat = Date.now();
      socket.send('\n');
    }
  }

  #closed(event) {
    this.stop();
    if (event.code === POLICY_VIOLATION) {
      this.#delegate.ended(event.reason);
      return;
    }
    // A server that accepts and hangs up at once must not be asked every second.
    if (Date.now() - this.#connectedAt > SETTLED) {
      this.#backoff.reset();
    }
    const delay = this.#backoff.next();
    this.#timer = setTimeout(() => this.#open(), delay);
    this.#delegate.waiting(this.#why(event), delay);
  }

  #why(event) {
    if (event.reason === 'server-restart') {
      return 'restart';
    }
    if (event.wasClean) {
      return 'closed';
    }
    // Browsers keep from scripts whether a handshake was refused or never answered.
    return this.#connectedAt ? 'lost' : 'failed';
  }

}
