import { BackOff } from './back-off.js';

const SETTLED = 10_000;
const MOST_AT_ONCE = 3;
// Seconds: whatever a server says, a person does not wait for hours.
const LONGEST_HINT = 300;
const POLICY_VIOLATION = 1008;
const AGAIN = [1001, 1012, 1013];

/** Whether, why and when a connection that was closed comes back by itself. */
export class Comeback {

  #backOff = new BackOff(1_000, 30_000);
  #atOnce = 0;

  /** Forgets what was: somebody wants to connect. */
  reset() {
    this.#backOff.reset();
    this.#atOnce = 0;
  }

  /** Takes for how long it was connected, in milliseconds, and undefined where it never was. */
  settled(lived) {
    // A server that accepts and hangs up at once must not be asked every second.
    if (lived > SETTLED) {
      this.reset();
    }
  }

  /** Returns whether it comes back at once, as a login has given the session a new id (B12). */
  atOnce({ code, reason }) {
    if (code === POLICY_VIOLATION || reason !== 'session-renewed' || this.#atOnce === MOST_AT_ONCE) {
      return false;
    }
    this.#atOnce += 1;
    return true;
  }

  /** Returns the cause where the server has ended this connection for good (B16), given the ERROR frame before it. */
  static end({ code, reason }, lived, error) {
    if (code === POLICY_VIOLATION) {
      return reason || error?.code || 'refused';
    }
    // A CONNECT that was refused will be refused again, unless the server says otherwise.
    const refused = lived === undefined && error && !error.again && !AGAIN.includes(code);
    return refused ? error.code : undefined;
  }

  /** Returns why it waits, given what has closed it. */
  static why({ reason, wasClean }, lived) {
    if (reason === 'server-restart') {
      return 'restart';
    }
    if (lived === undefined) {
      return 'refused';
    }
    return wasClean ? 'closed' : 'lost';
  }

  /**
   * Returns the delay before the next attempt, in milliseconds: that of the server, where it has named
   * one in its ERROR frame, and a part of a second for all whom it has told the same (B54).
   */
  delay(error) {
    const own = this.#backOff.next();
    const hint = error?.retryAfter;
    return hint > 0 ? (Math.min(hint, LONGEST_HINT) + Math.random()) * 1_000 : own;
  }

}
