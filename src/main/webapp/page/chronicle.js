import * as words from './words.js';

/** Tells the timeline what happens to the connection and its session. */
export class Chronicle {

  #timeline;
  #name;

  constructor(timeline) {
    this.#timeline = timeline;
  }

  follow(link) {
    const on = (type, kind, sentence) =>
      link.addEventListener(type, ({ detail }) => this.#timeline.add(kind, sentence(detail)));
    on('connecting', 'connection', ({ byItself }) => words.connecting(byItself));
    on('connected', 'connection', (detail) => words.connected(detail.link));
    on('waiting', 'connection', ({ why, delay }) => words.waiting(why, delay));
    on('closed', 'connection', ({ code, reason }) => words.closed(code, reason));
    on('refused', 'connection', ({ code, sentence }) => words.refused(code, sentence));
    on('revoked', 'connection', ({ destination, reason }) => words.revoked(destination, reason));
    on('gap', 'connection', () => words.GAP);
    on('broker', 'connection', ({ away }) => words.broker(away));
    on('expiring', 'session', ({ deadline }) => words.warned(deadline));
    on('extended', 'session', ({ deadline }) => words.lasts(deadline));
    on('frame', 'frames', ({ out, command, headers, length }) => words.frame(out, command, headers.destination, length));
    link.addEventListener('identity', ({ detail }) => this.#identified(detail.principal));
    link.addEventListener('recovered', ({ detail }) => detail.count > 0 && this.#timeline.add('connection', words.recovered(detail.count)));
    link.addEventListener('closed', ({ detail }) => detail.reason === 'session-renewed' && this.renewed());
    link.addEventListener('ended', ({ detail }) => this.#ended(detail.cause));
  }

  requested(method, path, status) {
    this.#timeline.add('requests', words.requested(method, path, status));
  }

  renewed() {
    this.#timeline.add('session', words.RENEWED);
  }

  /** Another session than before begins. */
  forget() {
    this.#name = undefined;
    this.#timeline.forget();
  }

  // The same is said again and again.
  #identified(name) {
    if (name !== this.#name) {
      this.#name = name;
      this.#timeline.add('session', words.who(name, false));
    }
  }

  #ended(cause) {
    this.forget();
    this.#timeline.add('session', words.whyEnded(cause));
  }

}
