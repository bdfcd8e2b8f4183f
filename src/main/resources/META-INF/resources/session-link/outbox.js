/** What waits for a connection that comes back unnoticed; at all other times nothing waits. */
export class Outbox {

  // Undefined where nothing may wait.
  #waiting;

  get open() {
    return this.#waiting !== undefined;
  }

  hold() {
    this.#waiting ??= [];
  }

  add(frame) {
    this.#waiting.push(frame);
  }

  /** Takes out what waits, and lets nothing wait any more. */
  empty() {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    return waiting;
  }

}
