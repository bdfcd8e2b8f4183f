const CHANNEL = 'session-link';
const SAME = 1_500;
// The server ends a session a moment after it is due.
const GRACE = 1_500;
const PAUSE = 30_000;
const LONGEST_TIMER = 2 ** 31 - 1;

/**
 * One deadline for all tabs of a session, those without a socket included: what one hears of the
 * server it tells the others (B15). It goes by the clock, as timers stand still in a page that is
 * frozen.
 *
 * The delegate hears of expiring(deadline), extended(deadline), ended(cause) from another tab, and
 * due(), when somebody had better ask the server.
 */
export class Countdown {

  #delegate;
  #channel;
  #link;
  #deadline;
  #expiring = false;
  #mark = 0;
  #timer;

  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Counts for this link from now on. */
  start(link) {
    if (link !== this.#link) {
      this.end();
      this.#link = link;
    }
    this.#channel ??= this.#open();
    this.#arm();
  }

  /** Hears and tells nothing until it is started again. */
  pause() {
    clearTimeout(this.#timer);
    this.#channel?.close();
    this.#channel = undefined;
  }

  /**
   * The server has said how many seconds are left, null for ever, from then on, and whether the end
   * is near; undefined where it has not said that.
   */
  set(seconds, expiring, at = Date.now()) {
    // What is no number would never be over, and start the timer again and again.
    if (seconds !== null && typeof seconds !== 'number') {
      return;
    }
    const deadline = seconds === null ? null : at + seconds * 1_000;
    const tell = this.#take(deadline, expiring);
    this.#post({ deadline: this.#deadline, expiring });
    tell();
  }

  /** Changes with whatever is heard. */
  get mark() {
    return this.#mark;
  }

  /** Forgets all of it, and tells the other tabs the cause of its end where there is one. */
  end(cause) {
    const channel = this.#channel;
    const link = this.#link;
    // First, as all the others will say so too.
    this.#link = this.#deadline = undefined;
    this.#expiring = false;
    if (link !== undefined && cause !== undefined) {
      channel?.postMessage({ link, ended: cause });
    }
    this.pause();
  }

  /** Nobody has answered: it is due again in a while. */
  retry() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#rang(), PAUSE);
  }

  /** Looks at the clock, as timers may have stood still. */
  check() {
    if (this.#isDue()) {
      this.#delegate.due();
    }
  }

  #open() {
    const channel = globalThis.BroadcastChannel && new BroadcastChannel(CHANNEL);
    channel?.addEventListener('message', ({ data }) => this.#heard(data ?? {}));
    return channel;
  }

  #heard({ link, ended, deadline, expiring }) {
    if (link === undefined || link !== this.#link) {
      return;
    }
    if (ended !== undefined) {
      this.#delegate.ended(ended);
      return;
    }
    const tell = this.#take(deadline, expiring);
    // Who told it is the only one that does not know what the others count by.
    if (this.#deadline !== deadline) {
      this.#post({ deadline: this.#deadline, expiring: this.#expiring });
    }
    tell();
  }

  // Returns what tells the delegate, which may stop all of this.
  #take(told, saysExpiring) {
    this.#mark += 1;
    const near = this.#isNear(told);
    // Two tabs that have heard the same a moment apart count by the earlier.
    const deadline = near ? Math.min(told, this.#deadline) : told;
    const expiring = saysExpiring ?? (near && this.#expiring);
    const changed = deadline !== this.#deadline || expiring !== this.#expiring;
    this.#deadline = deadline;
    this.#expiring = expiring;
    this.#arm();
    return () => changed && this.#delegate[expiring ? 'expiring' : 'extended'](deadline);
  }

  #isNear(deadline) {
    return typeof deadline === 'number' && typeof this.#deadline === 'number'
      && Math.abs(deadline - this.#deadline) < SAME;
  }

  #arm() {
    clearTimeout(this.#timer);
    if (typeof this.#deadline === 'number') {
      const delay = Math.max(this.#deadline + GRACE - Date.now(), GRACE);
      this.#timer = setTimeout(() => this.#rang(), Math.min(delay, LONGEST_TIMER));
    }
  }

  #rang() {
    if (this.#isDue()) {
      this.#delegate.due();
    } else {
      this.#arm();
    }
  }

  #isDue() {
    return typeof this.#deadline === 'number' && Date.now() >= this.#deadline + GRACE;
  }

  #post(message) {
    this.#channel?.postMessage({ link: this.#link, ...message });
  }

}
