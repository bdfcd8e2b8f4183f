import { Client } from '../lib/stompjs/index.js';
import { Comeback } from './comeback.js';

const HEARTBEAT = 10_000;
const MOMENT = 2_000;
const NOT_SENT = 'There is no connection: the name was not sent.';

/**
 * The greeting over STOMP. A connection that breaks comes back by itself; one that the server
 * ended together with its session does not (B16). One that the server closes because a login has
 * renewed the session comes back at once, and unnoticed: what is sent meanwhile waits (B12).
 *
 * The delegate hears of connecting(), connected(), waiting(why, delay) with the delay in
 * milliseconds, ended(reason), expiring(seconds), extended(), greeted(name) and
 * refused(sentence, code). renewed() asks it to promise whether the session is there to come
 * back to.
 */
export class Connection {

  #url;
  #delegate;
  #comeback = new Comeback();
  #client;
  #timer;
  #connectedAt;
  // What waits for a connection that comes back unnoticed; undefined at all other times.
  #held;
  #lastBeat;

  constructor(url, delegate) {
    this.#url = url;
    this.#delegate = delegate;
  }

  start() {
    this.stop();
    this.#comeback.reset();
    this.#delegate.connecting();
    this.#open({});
  }

  stop() {
    clearTimeout(this.#timer);
    this.#client?.deactivate();
    this.#client = undefined;
    this.#held = undefined;
  }

  /** Sends a name, or throws where there is no connection to send it over. */
  send(name) {
    if (!this.#held && !this.#client?.connected) {
      throw new Error(NOT_SENT);
    }
    this.#publish({ destination: '/app/message', body: JSON.stringify({ name }) });
  }

  /** Asks for more time for the session; extended() is the answer, in all tabs. */
  extend() {
    this.#publish({ destination: '/app/session/extend' });
  }

  #publish(message) {
    if (this.#held) {
      this.#held.push(message);
    } else {
      this.#client?.publish(message);
    }
  }

  // That nobody has asked for it the server hears as well: it is no sign of a person (B8).
  #reopen() {
    this.#open({ reconnect: 'true' });
  }

  #open(connectHeaders) {
    const client = new Client({
      brokerURL: this.#url,
      connectHeaders,
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
    clearTimeout(this.#timer);
    const held = this.#held ?? [];
    this.#held = undefined;
    held.forEach((message) => this.#publish(message));
    this.#delegate.connected();
  }

  // That the session has ended the close frame says as well, with the same cause. What an OPEN
  // is true of, a warning from before it need not be.
  #noticed({ event, remainingSeconds }) {
    if (event === 'EXPIRING') {
      this.#delegate.expiring(remainingSeconds);
    } else if (event === 'EXTENDED' || event === 'OPEN') {
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
    const held = this.#held ?? [];
    this.stop();
    const delay = this.#comeback.after(event, Date.now() - this.#connectedAt);
    if (delay === undefined) {
      this.#delegate.ended(event.reason);
    } else if (delay === 0) {
      this.#renew(held);
    } else {
      this.#timer = setTimeout(() => this.#retry(), delay);
      this.#delegate.waiting(this.#why(event), delay);
      this.#giveBack(held);
    }
  }

  #retry() {
    this.#delegate.connecting();
    this.#reopen();
  }

  async #renew(held) {
    this.#held = held;
    this.#timer = setTimeout(() => this.#delegate.connecting(), MOMENT);
    const there = await this.#delegate.renewed();
    // Somebody may have disconnected meanwhile, or connected anew.
    if (this.#held !== held) {
      return;
    }
    if (there) {
      this.#reopen();
    } else {
      this.stop();
      this.#delegate.ended();
      this.#giveBack(held);
    }
  }

  #giveBack(held) {
    if (held.some(({ body }) => body)) {
      this.#delegate.refused(NOT_SENT);
    }
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
