import { Activity } from './activity.js';
import { addresses } from './addresses.js';
import { KeptSends } from './kept-sends.js';
import { Life } from './life.js';
import { Notices } from './notices.js';
import { Outbox } from './outbox.js';
import { PageLife } from './page-life.js';
import { Session } from './session.js';
import { SessionApi } from './session-api.js';
import { Subscriptions } from './subscriptions.js';
import { Whose } from './whose.js';

const NOT_SENT = 'There is no connection: nothing was sent.';
const NOT_EXTENDED = 'The session was not extended: the server cannot be reached, or refuses.';
// What ends a session for all its tabs, and not this connection alone.
const FOR_ALL = ['session-expired', 'session-ended', 'session-max-age', 'session-kicked', 'session-replaced', 'session-gone'];

/** A STOMP connection that never lies about whose session it is in; the types say more. */
export class SessionLink extends EventTarget {

  #prefix;
  #life;
  #connection;
  #socket;
  #subscriptions = new Subscriptions({
    recovered: (detail) => this.#tell('recovered', detail),
    gap: (detail) => this.#tell('gap', detail),
  });
  #outbox = new Outbox();
  #kept = new KeptSends();
  #activity = new Activity(() => this.#session.timeout, () => this.#active());

  #session;

  #notices = new Notices({
    open: ({ remainingSeconds, socket }) => {
      this.#socket = socket;
      this.#session.count(remainingSeconds, undefined);
    },
    expiring: ({ remainingSeconds }) => this.#session.count(remainingSeconds, true),
    extended: ({ remainingSeconds }) => this.#session.count(remainingSeconds, false),
    revoked: ({ subscription, destination, reason }) => {
      this.#subscriptions.revoked(subscription);
      this.#tell('revoked', { destination, reason });
    },
    gap: ({ destination, resume }) => {
      if (typeof resume === 'string') {
        this.#subscriptions.moved(destination, resume);
      }
      this.#tell('gap', { destination });
    },
    broker: (away) => this.#tell('broker', { away }),
    refused: (code, sentence) => this.#refused(code, sentence),
  });

  #page = new PageLife({
    left: () => {
      this.#session.rest();
      this.#life.left();
    },
    returned: () => this.#returned(),
    awake: () => {
      this.#session.wake();
      this.#life.awake();
    },
    asleep: () => this.#life.asleep(),
  });

  constructor({ url, Client, session, csrf = async () => ({}), heartbeat = 10_000, prefix = '/app' }) {
    super();
    const at = addresses(url, session);
    this.#prefix = prefix;
    const api = new SessionApi(at.session, csrf);
    const whose = new Whose(api);
    this.#session = new Session(api, whose, {
      expiring: (deadline) => this.#tell('expiring', { deadline }),
      extended: (deadline) => this.#tell('extended', { deadline }),
      identified: (identity) => this.#tell('identity', identity),
      over: (cause, how) => this.#over(cause, how),
    });
    this.#life = new Life({ Client, heartbeat, url: at.url }, whose, {
      connecting: (byItself) => this.#tell('connecting', { byItself }),
      connected: (connection, headers, unnoticed) => this.#connected(connection, headers, unnoticed),
      waiting: (why, delay) => this.#gone('waiting', { why, delay }),
      ended: (cause) => this.#ended(cause),
      closed: ({ code, reason, wasClean }) => this.#tell('closed', { code, reason, clean: wasClean }),
      refused: ({ code, sentence }) => this.#tell('refused', { code, sentence }),
      frame: (frame) => this.#tell('frame', frame),
      renewing: () => this.#outbox.hold(),
    });
  }

  get state() {
    return this.#life.state;
  }

  get link() {
    return this.#session.link;
  }

  get identity() {
    return this.#session.identity;
  }

  get socket() {
    return this.#connection?.connected ? this.#socket : undefined;
  }

  start() {
    this.#outbox.empty();
    this.#kept.forget();
    this.#page.start();
    this.#life.start();
  }

  stop() {
    this.#outbox.empty();
    this.#kept.forget();
    this.#page.stop();
    this.#session.rest();
    this.#life.stop();
  }

  async look() {
    this.#page.start();
    return this.#session.look();
  }

  subscribe(destination, listener, headers = {}) {
    // What is only looked at need not be the session that it will be connected under.
    const entered = !['idle', 'ended'].includes(this.state);
    return this.#subscriptions.add(destination, listener, headers, entered ? this.link : undefined);
  }

  send(destination, body = '', { once = false, ...headers } = {}) {
    if (once && (this.#reaches() || ['connecting', 'waiting'].includes(this.state)) && this.link !== undefined) {
      this.#sendOnce(this.#kept.add(frame(destination, body, headers), this.link));
      return;
    }
    if (!this.#reaches()) {
      throw new Error(NOT_SENT);
    }
    this.#publish(frame(destination, body, headers));
  }

  async extend() {
    const how = this.#reaches() ? 'interrupted' : await this.#session.extend();
    if (how === 'interrupted' && this.#reaches()) {
      this.#publish(this.#extension());
    } else if (how === 'refused') {
      this.#tell('refused', { code: 'not-extended', sentence: NOT_EXTENDED });
    }
  }

  keepAliveWhile(element) {
    return this.#activity.watch(element);
  }

  // Nobody waits for the answer, nor wants to hear of it again and again that there is none.
  #active() {
    if (this.#reaches()) {
      this.#publish(this.#extension());
      return true;
    }
    const there = this.#session.known;
    if (there) {
      this.#session.extend();
    }
    return there;
  }

  #reaches() {
    return this.#outbox.open || this.#connection?.connected === true;
  }

  // What the server has not handled after all it may get once more.
  #refused(code, sentence) {
    if (code === 'message-not-handled') {
      this.#kept.again(this.link).forEach((message) => this.#sendOnce(message));
    } else {
      this.#tell('refused', { code, sentence });
    }
  }

  // Where there is no connection, the next one in this session sends it.
  #sendOnce(message) {
    if (!this.#outbox.open && this.#connection?.connected) {
      this.#connection.receipt(message.headers.receipt, () => this.#kept.received(message.headers.receipt));
      this.#connection.send(message);
    }
  }

  #extension() {
    return { destination: `${this.#prefix}/session/extend` };
  }

  #publish(message) {
    if (this.#outbox.open) {
      this.#outbox.add(message);
    } else {
      this.#connection.send(message);
    }
  }

  #connected(connection, headers, unnoticed) {
    const link = headers.session;
    this.#connection = connection;
    if (link !== this.link) {
      this.#subscriptions.forget(this.link);
    }
    const waiting = this.#outbox.empty();
    const mayBeTheirs = this.#session.enter(link, headers['user-name'] ?? null);
    this.#notices.subscribe(connection);
    this.#subscriptions.renew(connection, link);
    // Of what somebody else has sent nothing is sent again.
    if (!mayBeTheirs) {
      this.#kept.forget();
    }
    this.#kept.again(link).forEach((message) => this.#sendOnce(message));
    waiting.filter(() => mayBeTheirs).forEach((message) => connection.send(message));
    this.#session.identify();
    // Where it has come back unnoticed, it was never said to be away.
    if (!unnoticed) {
      this.#tell('connected', { link });
    }
  }

  #ended(cause) {
    const { link } = this;
    this.#subscriptions.forget(link);
    this.#session.forget(FOR_ALL.includes(cause) ? cause : undefined);
    this.#page.stop();
    this.#gone('ended', { cause, link }, this.#kept.forget());
  }

  #gone(type, detail, keptWasLost = false) {
    const lost = keptWasLost || this.#outbox.empty().some(({ body, binaryBody }) => (body ?? binaryBody) !== undefined);
    this.#connection = undefined;
    this.#tell(type, detail);
    if (lost) {
      this.#tell('refused', { code: 'not-sent', sentence: NOT_SENT });
    }
  }

  // A connection hears by itself of the end, and of a session that is only gone from this browser it may still be one.
  #over(cause, how) {
    const { state } = this.#life;
    if (state === 'connecting' || (state === 'connected' && how === 'told')) {
      return;
    }
    if (state !== 'connected' || cause !== 'session-gone') {
      this.#life.end(cause);
    } else if (how === 'other') {
      // Whoever is in the other one would read what is meant for somebody else.
      this.#life.end('session-other');
    }
  }

  #returned() {
    const { state } = this.#life;
    if (state === 'waiting') {
      this.#life.awake();
    } else if (state !== 'connecting' && this.link !== undefined) {
      this.#session.look();
    }
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

}

// Bytes as they are, and what is no text as JSON.
function frame(destination, body, headers) {
  if (body instanceof ArrayBuffer) {
    return { destination, binaryBody: new Uint8Array(body), headers };
  }
  if (ArrayBuffer.isView(body)) {
    return { destination, binaryBody: new Uint8Array(body.buffer, body.byteOffset, body.byteLength), headers };
  }
  if (typeof body === 'string') {
    return { destination, body, headers };
  }
  return { destination, body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } };
}
