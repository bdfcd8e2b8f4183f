/**
 * Where in the messages of its destination a subscription is, by what the server says: what comes
 * behind that while there is no connection is missed, and comes when it resumes.
 *
 * The delegate hears of recovered(count) and gap().
 */
export class Cursor {

  #delegate;
  // Undefined until the server has said it, and where it keeps nothing.
  #epoch;
  #offset = 0;
  // Up to where comes what was missed; undefined where nothing is awaited.
  #until;
  #count = 0;

  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Returns what the next subscription says of it. */
  get position() {
    return this.#epoch === undefined ? '*' : `${this.#epoch}:${this.#offset}`;
  }

  /** Hears the receipt of its subscription, which comes before its messages. */
  subscribed({ resume, recovered }) {
    const [epoch, offset] = resume?.split(':') ?? [];
    const lost = this.#epoch !== undefined && recovered !== 'true';
    this.#until = recovered === 'true' ? Number(offset) : undefined;
    this.#count = 0;
    if (recovered !== 'true') {
      this.#epoch = epoch;
      this.#offset = Number(offset ?? 0);
    }
    if (lost) {
      this.#delegate.gap();
    }
    this.#look();
  }

  /** Hears where it is from now on, as the server has lost what was before. */
  moved(position) {
    if (this.#epoch !== undefined) {
      const [epoch, offset] = position.split(':');
      this.#epoch = epoch;
      this.#offset = Number(offset);
      this.#until = undefined;
    }
  }

  /** Hears that a message was given to the application. */
  received({ offset }) {
    if (this.#epoch === undefined || offset === undefined) {
      return;
    }
    this.#offset = Number(offset);
    this.#count += 1;
    this.#look();
  }

  #look() {
    if (this.#until !== undefined && this.#offset >= this.#until) {
      this.#until = undefined;
      this.#delegate.recovered(this.#count);
    }
  }

}
