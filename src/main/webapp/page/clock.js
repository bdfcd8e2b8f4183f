const SECOND = 1_000;

/** Calls its listener each second while there is something to count down to, and somebody to see it. */
export class Clock {

  #listener;
  #timer;
  #running = false;

  constructor(listener) {
    this.#listener = listener;
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  start() {
    this.#running = true;
    this.#tick();
  }

  stop() {
    this.#running = false;
    clearTimeout(this.#timer);
  }

  #tick() {
    clearTimeout(this.#timer);
    if (this.#running && document.visibilityState === 'visible') {
      this.#listener();
      this.#timer = setTimeout(() => this.#tick(), SECOND - Date.now() % SECOND);
    }
  }

}
