import { Client } from '../lib/stompjs/index.js';
import { SessionLink } from '../lib/session-link/session-link.js';
import * as words from './words.js';

/**
 * What the server tells once a second, over the application's own endpoint. An open console keeps no
 * session alive; whoever types or clicks in it does.
 *
 * The delegate hears of told(news), state(name, sentence), and over(cause) once it does not come back.
 */
export class Feed {

  #delegate;
  #link;
  #destination;
  #stop = () => {};
  #still = () => {};

  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Takes where the endpoint is, relative to the page, what to subscribe to, and the view. */
  start(endpoint, destination, view) {
    this.stop();
    this.#destination = destination;
    this.#link = new SessionLink({ url: `../${endpoint}`, Client, session: '../session' });
    const link = this.#link;
    link.addEventListener('connecting', () => this.#delegate.state('connecting', words.CONNECTING));
    link.addEventListener('waiting', ({ detail }) => this.#delegate.state('waiting', words.waiting(detail.why, detail.delay)));
    link.addEventListener('refused', ({ detail }) => this.#delegate.refused(detail.code));
    link.addEventListener('revoked', ({ detail }) => {
      if (detail.destination === destination) {
        this.#delegate.over('role-lost');
      }
    });
    link.addEventListener('ended', ({ detail }) => this.#delegate.over(detail.cause));
    this.look(view);
    this.#still = link.keepAliveWhile(document);
    link.start();
  }

  /** Looks at something else from now on. */
  look(view) {
    this.#stop();
    if (this.#link !== undefined) {
      const { headers } = view;
      this.#stop = this.#link.subscribe(this.#destination, ({ body }) => this.#delegate.told(JSON.parse(body)), headers);
    }
  }

  get link() {
    return this.#link?.link;
  }

  stop() {
    this.#still();
    this.#stop();
    this.#stop = this.#still = () => {};
    this.#link?.stop();
    this.#link = undefined;
  }

}
