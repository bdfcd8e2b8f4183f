/** How long to wait before each next attempt: ever longer, and never the same for all pages at once. */
export class BackOff {

  #first;
  #longest;
  #next;

  /** @param {number} first @param {number} longest delays in milliseconds */
  constructor(first, longest) {
    this.#first = first;
    this.#longest = longest;
    this.#next = first;
  }

  reset() {
    this.#next = this.#first;
  }

  /** Returns the next delay in milliseconds: half of it is fixed, half is chance. */
  next() {
    const delay = this.#next * (0.5 + Math.random() / 2);
    this.#next = Math.min(this.#next * 2, this.#longest);
    return delay;
  }

}
