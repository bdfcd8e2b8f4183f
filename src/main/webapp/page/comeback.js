import { Backoff } from './backoff.js';

const SETTLED = 10_000;
const POLICY_VIOLATION = 1008;
const MOST_AT_ONCE = 3;

/** Whether, and when, a connection that was closed comes back by itself. */
export class Comeback {

  #backoff = new Backoff(1_000, 30_000);
  #atOnce = 0;

  /** Forgets what was: somebody wants to connect. */
  reset() {
    this.#backoff.reset();
    this.#atOnce = 0;
  }

  /**
   * Returns the delay in milliseconds after this close event, 0 for at once, or undefined where
   * the connection has ended together with its session (B16). Takes for how long it was connected.
   */
  after({ code, reason }, lived) {
    if (code === POLICY_VIOLATION) {
      return undefined;
    }
    // A server that accepts and hangs up at once must not be asked every second.
    if (lived > SETTLED) {
      this.reset();
    }
    if (reason === 'session-renewed' && this.#atOnce < MOST_AT_ONCE) {
      this.#atOnce += 1;
      return 0;
    }
    return this.#backoff.next();
  }

}
