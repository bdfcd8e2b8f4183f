import { mock } from 'node:test';

// Before the module, which looks for it as it is loaded.
const page = new EventTarget();
globalThis.addEventListener = page.addEventListener.bind(page);
globalThis.removeEventListener = page.removeEventListener.bind(page);
globalThis.document = Object.assign(new EventTarget(), { visibilityState: 'visible', baseURI: 'https://host/shop/' });
Object.defineProperty(globalThis, 'navigator', { value: { onLine: true }, configurable: true });

const { SessionLink } = await import('../../../main/resources/META-INF/resources/session-link/session-link.js');

export const LINK = '316bc8fed41c9a05';
export const OTHER = '90c2b7d1e5f60718';

/** A tab with what it needs of a browser, a server and a clock. */
export class Stage {

  server = new Server();
  clients = [];
  events = [];
  tabs = [];

  constructor() {
    mock.timers.enable({ apis: ['setTimeout', 'setInterval', 'Date'], now: 1_000_000 });
    const { setTimeout, clearTimeout } = globalThis;
    // Node does not tell which of its timers are left.
    this.timers = new Set();
    globalThis.setTimeout = (listener, delay) => {
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        listener();
      }, delay);
      this.timers.add(timer);
      return timer;
    };
    globalThis.clearTimeout = (timer) => {
      this.timers.delete(timer);
      clearTimeout(timer);
    };
    globalThis.fetch = (url, request) => this.server.fetch(url, request);
    globalThis.BroadcastChannel = Channel;
    this.turnTo('visible');
    this.goOnline(true);
  }

  /** Whatever a test has left. */
  close() {
    this.tabs.forEach((tab) => tab.stop());
    mock.timers.reset();
    Channel.all.clear();
  }

  /** A tab whose events are kept, as [type, detail]. */
  tab(options = {}) {
    const { clients } = this;
    class Client extends FakeClient {
      constructor(configuration) {
        super(configuration);
        clients.push(this);
      }
    }
    const tab = new SessionLink({ url: 'greeting', Client, ...options });
    tab.events = [];
    for (const type of ['connecting', 'connected', 'waiting', 'ended', 'expiring', 'extended', 'identity', 'refused',
      'revoked', 'closed', 'broker', 'recovered', 'gap']) {
      tab.addEventListener(type, ({ detail }) => tab.events.push([type, detail]));
    }
    this.tabs.push(tab);
    return tab;
  }

  /** A tab that is connected, to the session that the server has. */
  async connected(options) {
    const tab = this.tab(options);
    tab.start();
    await this.connect();
    return tab;
  }

  get client() {
    return this.clients.at(-1);
  }

  /** The server takes the latest connection, in its session. */
  async connect(headers = this.server.headers()) {
    this.client.connect(headers);
    await this.settle();
  }

  /** Whatever was asked is answered. */
  async settle() {
    for (let i = 0; i < 20; i += 1) {
      await new Promise((done) => setImmediate(done));
    }
  }

  async pass(milliseconds) {
    await this.settle();
    mock.timers.tick(milliseconds);
    await this.settle();
  }

  /** The clock goes on, and no timer rings. */
  async sleep(milliseconds) {
    mock.timers.setTime(Date.now() + milliseconds);
    await this.settle();
  }

  turnTo(visibility) {
    document.visibilityState = visibility;
    document.dispatchEvent(new Event('visibilitychange'));
  }

  goOnline(onLine) {
    navigator.onLine = onLine;
    page.dispatchEvent(new Event(onLine ? 'online' : 'offline'));
  }

  hide() {
    page.dispatchEvent(new Event('pagehide'));
  }

  show(persisted = true) {
    page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted }));
  }

  resume() {
    document.dispatchEvent(new Event('resume'));
  }

}

/** The types of events, in their order. */
export function types(tab) {
  return tab.events.map(([type]) => type);
}

/** The details of all events of a type. */
export function details(tab, type) {
  return tab.events.filter(([each]) => each === type).map(([, detail]) => detail);
}

/** The session API. */
class Server {

  reachable = true;
  // What an answer waits for.
  slow = Promise.resolve();
  session = { link: LINK, principal: null, roles: [], timeoutSeconds: 1800, remainingSeconds: 1800 };
  refusal = [404, { error: 'no-session' }];
  causes = {};
  requests = [];

  headers() {
    const { link, principal } = this.session;
    return { session: link, ...(principal ? { 'user-name': principal } : {}) };
  }

  gone(cause) {
    if (cause) {
      this.causes[this.session.link] = cause;
    }
    this.session = undefined;
  }

  async fetch(url, { method, headers, signal, credentials }) {
    const { pathname, searchParams } = new URL(url);
    this.requests.push({ method, url, headers, credentials });
    await Promise.race([this.slow, new Promise((done) => signal?.addEventListener('abort', done))]);
    if (signal?.aborted || !this.reachable) {
      throw new TypeError('fetch failed');
    }
    if (pathname.endsWith('/end')) {
      const cause = this.causes[searchParams.get('link')];
      return cause ? answer(200, { cause }) : answer(404, { error: 'unknown-end' });
    }
    return this.session ? answer(200, this.session) : answer(...this.refusal);
  }

  count(method, path = '') {
    return this.requests.filter((each) => each.method === method && new URL(each.url).pathname.endsWith(path)).length;
  }

}

function answer(status, body) {
  return { status, text: async () => (typeof body === 'string' ? body : JSON.stringify(body)) };
}

/** What the module uses of stompjs. */
class FakeClient {

  connected = false;
  active = false;
  closed = false;
  sent = [];
  subscriptions = [];
  receipts = new Map();
  webSocket = Object.assign(new EventTarget(), { readyState: 1, beats: 0, send() { this.beats += 1; } });

  constructor(configuration) {
    Object.assign(this, configuration);
  }

  activate() {
    this.active = true;
  }

  async deactivate() {
    this.active = this.connected = false;
    this.closed = true;
  }

  forceDisconnect() {
    this.hangUp(4001, '', false);
  }

  publish(message) {
    if (!this.connected) {
      throw new TypeError('not connected');
    }
    this.sent.push(message);
  }

  subscribe(destination, listener, headers) {
    const id = `sub-${this.subscriptions.length}`;
    const subscription = { id, destination, listener, headers, unsubscribe: () => this.sent.push({ unsubscribe: id }) };
    this.subscriptions.push(subscription);
    return subscription;
  }

  watchForReceipt(id, listener) {
    this.receipts.set(id, listener);
  }

  /** The server has handled a frame. */
  receipt(id, more = {}) {
    const listener = this.receipts.get(id);
    this.receipts.delete(id);
    listener({ headers: { 'receipt-id': id, ...more } });
  }

  connect(headers) {
    this.connected = true;
    this.onConnect({ headers });
  }

  /** The server sends to all who have subscribed here. */
  message(destination, body, headers = {}) {
    this.webSocket.dispatchEvent(new Event('message'));
    for (const subscription of this.subscriptions.filter((each) => each.destination === destination)) {
      subscription.listener({ body: typeof body === 'string' ? body : JSON.stringify(body), headers });
    }
  }

  notice(event, remainingSeconds, more = {}) {
    this.message('/user/queue/session', { event, remainingSeconds, ...more });
  }

  error(message, more = {}, body = '') {
    this.onStompError({ headers: { message, ...more }, body });
  }

  hangUp(code, reason = '', wasClean = code !== 1006) {
    this.connected = false;
    this.onWebSocketClose({ code, reason, wasClean });
  }

}

/** A BroadcastChannel that delivers at once. */
class Channel extends EventTarget {

  static all = new Set();

  constructor(name) {
    super();
    this.name = name;
    Channel.all.add(this);
  }

  postMessage(data) {
    for (const other of [...Channel.all]) {
      if (other !== this && other.name === this.name) {
        other.dispatchEvent(Object.assign(new Event('message'), { data: structuredClone(data) }));
      }
    }
  }

  close() {
    Channel.all.delete(this);
  }

}

export { Channel };
