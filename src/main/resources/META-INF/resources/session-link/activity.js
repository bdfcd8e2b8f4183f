const TYPES = ['keydown', 'input', 'pointerdown'];
const WITHOUT_TIMEOUT = 600;

/** Whoever types or clicks is active: told at most once per tenth of the session's timeout. */
export class Activity {

  #timeout;
  #tell;
  #toldAt = -Infinity;

  /** Takes what gives the timeout in seconds, undefined where nobody knows it, and what tells and returns whether it did. */
  constructor(timeout, tell) {
    this.#timeout = timeout;
    this.#tell = tell;
  }

  /** Returns what ends it. */
  watch(element) {
    const listener = () => this.#happened();
    // Seen before anybody can stop it.
    TYPES.forEach((type) => element.addEventListener(type, listener, { capture: true, passive: true }));
    return () => TYPES.forEach((type) => element.removeEventListener(type, listener, { capture: true }));
  }

  #happened() {
    const pause = (this.#timeout() ?? WITHOUT_TIMEOUT) * 100;
    const since = Date.now() - this.#toldAt;
    // A clock that was set back would keep it silent for as long.
    if ((since >= pause || since < 0) && this.#tell()) {
      this.#toldAt = Date.now();
    }
  }

}
