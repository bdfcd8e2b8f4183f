/**
 * Whose turn it is: an answer is heard only in the turn in which it was asked for, as whatever has
 * happened since makes it one to another question. The end of a turn also ends the asking.
 */
export class Turn {

  #controller = new AbortController();

  get signal() {
    return this.#controller.signal;
  }

  /** Ends this turn, and begins the next. */
  next() {
    this.#controller.abort();
    this.#controller = new AbortController();
  }

  /** Takes a question that never fails, and is given the signal that ends it. */
  async hear(question, listener) {
    const { signal } = this.#controller;
    const answer = await question(signal);
    if (!signal.aborted) {
      listener(answer);
    }
  }

}
