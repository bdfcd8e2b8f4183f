import * as words from './words.js';

/** Tells the timeline in words what happens to the connection and its session. */
export class Chronicle {

  #timeline;

  constructor(timeline) {
    this.#timeline = timeline;
  }

  follow(link) {
    const on = (type, kind, sentence) =>
      link.addEventListener(type, ({ detail }) => this.#timeline.add(kind, sentence(detail)));
    on('connecting', 'connection', ({ byItself }) => byItself ? 'Connecting again, by itself' : 'Connecting, as you asked');
    on('connected', 'connection', (detail) => `Connected under session ${detail.link ?? '(not said which)'}`);
    on('waiting', 'connection', ({ why, delay }) => words.waiting(why, delay));
    on('closed', 'connection', ({ code, reason }) => `Closed with ${code}${reason && `, ${reason}`}`);
    on('expiring', 'session', ({ deadline }) => `Warned: ends at ${words.time(deadline)}`);
    on('extended', 'session', ({ deadline }) => deadline === null ? 'Lasts, and does not expire' : `Lasts until ${words.time(deadline)} at least`);
    on('refused', 'connection', ({ code, sentence }) => `Refused, ${code}: ${sentence}`);
    on('revoked', 'connection', ({ destination, reason }) => `Subscription of ${destination} taken back: ${reason}`);
    on('frame', 'frames', ({ out, command, headers, length }) =>
      [out ? 'Sent' : 'Received', command, headers.destination, length && `${length} B`].filter(Boolean).join(' '));
    this.#followSession(link);
  }

  requested(method, path, status) {
    this.#timeline.add('requests', `${method} ${path}: ${status || 'no answer'}`);
  }

  #followSession(link) {
    let last;
    link.addEventListener('identity', ({ detail: { principal } }) => {
      if (principal !== last) {
        last = principal;
        this.#timeline.add('session', words.who(principal, false));
      }
    });
    link.addEventListener('closed', ({ detail }) => {
      if (detail.reason === 'session-renewed') {
        this.#timeline.add('session', 'Renewed: the session has a new id');
      }
    });
    link.addEventListener('ended', ({ detail }) => {
      last = undefined;
      this.#timeline.forget();
      this.#timeline.add('session', words.whyEnded(detail.cause));
    });
  }

}
