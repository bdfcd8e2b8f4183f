import { Countdown } from './countdown.js';
import { Turn } from './turn.js';

/**
 * What this tab knows of the session, with a socket in it or without: whose it is, and how long it
 * lasts.
 *
 * The delegate hears of expiring(deadline), extended(deadline), identified(identity), and
 * over(cause, how) as the session turns out to have ended: how is 'gone', 'other' or 'required', as
 * the server says, or 'told' by another tab.
 */
export class Session {

  #api;
  #whose;
  #delegate;
  #turn = new Turn();
  #countdown;
  #link;
  #identity;
  // Who CONNECTED says it is; undefined before the first, null for nobody.
  #principal;
  #timeout;
  #resting = false;

  constructor(api, whose, delegate) {
    this.#api = api;
    this.#whose = whose;
    this.#delegate = delegate;
    this.#countdown = new Countdown({
      expiring: (deadline) => delegate.expiring(deadline),
      extended: (deadline) => delegate.extended(deadline),
      ended: (cause) => delegate.over(cause, 'told'),
      due: () => this.#due(),
    });
  }

  get link() {
    return this.#link;
  }

  get identity() {
    return this.#identity;
  }

  /** Whether there is one that this tab follows. */
  get known() {
    return this.#link !== undefined && !this.#resting;
  }

  /** Seconds; undefined where the server has not said. */
  get timeout() {
    return this.#timeout;
  }

  /** A connection is in this session, as this person. Returns whether it may have been their doing what came before. */
  enter(link, principal) {
    this.#turn.next();
    const before = this.#principal ?? principal;
    this.#begin(link);
    if (this.#identity?.principal !== principal) {
      this.#identity = undefined;
    }
    this.#principal = principal;
    return before === principal;
  }

  /** Asks who is logged in, and with what roles: the server says it anew for each connection. */
  identify() {
    const { mark } = this.#countdown;
    this.#turn.hear((signal) => this.#whose.ask(this.#link, signal), (answer) => {
      if (answer.whose === 'same') {
        this.#learn(answer, mark, undefined);
      } else {
        this.#identify({ principal: this.#principal, roles: [] });
        this.#heard(answer);
      }
    });
  }

  /** Takes a notice of the server: how many seconds are left, and whether the end is near. */
  count(seconds, expiring) {
    this.#countdown.set(seconds, expiring);
  }

  /**
   * Asks whether it is still there, and which there is where this tab knows none. Returns what the
   * server says of it, undefined where it is not there or nobody answers.
   */
  async look() {
    this.#resting = false;
    let found;
    let interrupted;
    do {
      const { signal } = this.#turn;
      found = await this.#check();
      interrupted = signal.aborted;
    } while (interrupted && !found && !this.#resting);
    return found;
  }

  /**
   * Asks over HTTP for more time. Returns 'done', also where there is no session to be extended,
   * 'refused', or 'interrupted' where a connection was there before the answer.
   */
  async extend() {
    const { signal } = this.#turn;
    // To ask for a token would start a session where there is none.
    const answer = this.#link === undefined ? { whose: 'gone' } : await this.#whose.ask(this.#link, signal);
    if (signal.aborted) {
      return 'interrupted';
    }
    if (answer.whose !== 'same') {
      this.#heard(answer);
      return answer.whose === 'unreachable' ? 'refused' : 'done';
    }
    const session = await this.#post();
    if (session && !this.#resting && !signal.aborted) {
      this.#learn({ session, askedAt: Date.now() }, this.#countdown.mark, false);
    }
    return session ? 'done' : 'refused';
  }

  /** Looks at the clock, as timers may have stood still. */
  wake() {
    this.#countdown.check();
  }

  /** Hears and tells nothing until it is entered or learnt of again. */
  rest() {
    this.#turn.next();
    this.#resting = true;
    this.#countdown.pause();
  }

  /** Nothing of it is known any more. Takes the cause where it has ended for all tabs. */
  forget(cause) {
    this.#turn.next();
    this.#countdown.end(cause);
    this.#link = this.#identity = this.#principal = this.#timeout = undefined;
  }

  // Who does not know the answer goes on asking, as the session may long have ended.
  async #due() {
    await this.#check((answer) => answer.whose === 'unreachable' && this.#countdown.retry());
  }

  async #check(listener = (_answer) => {}) {
    const { mark } = this.#countdown;
    let found;
    await this.#turn.hear((signal) => this.#whose.ask(this.#link, signal), (answer) => {
      found = answer.session;
      listener(answer);
      this.#heard(answer, mark);
    });
    return found;
  }

  #heard(answer, mark) {
    const { whose } = answer;
    if (whose === 'same') {
      this.#begin(answer.session.link);
      this.#learn(answer, mark, undefined);
    } else if (this.#link !== undefined && ['gone', 'other', 'required'].includes(whose)) {
      this.#turn.hear((signal) => this.#whose.cause(this.#link, signal), (cause) => this.#delegate.over(cause, whose));
    }
  }

  async #post() {
    try {
      const { status, body } = await this.#api.post('/extend');
      return status === 200 && body?.link === this.#link ? body : undefined;
    } catch {
      return undefined;
    }
  }

  #begin(link) {
    this.#resting = false;
    if (link !== this.#link) {
      this.forget();
      this.#link = link;
    }
    if (link !== undefined) {
      this.#countdown.start(link);
    }
  }

  #learn({ session, askedAt }, mark, expiring) {
    const { principal = null, roles = [], timeoutSeconds, remainingSeconds } = session;
    const { signal } = this.#turn;
    this.#timeout = timeoutSeconds ?? undefined;
    this.#identify({ principal, roles });
    // What was heard since the question is newer.
    if (!signal.aborted && remainingSeconds !== undefined && mark === this.#countdown.mark) {
      this.#countdown.set(remainingSeconds, expiring, askedAt);
    }
  }

  #identify(identity) {
    this.#identity = identity;
    this.#delegate.identified(identity);
  }

}
