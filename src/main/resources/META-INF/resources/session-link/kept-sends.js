const MOST = 50;
const MOST_CHARACTERS = 262_144;
const FULL = 'As much as may waits for its receipt already: nothing was sent.';

/**
 * What was sent and has no receipt yet: after a cut it is sent again, in its order and under the same
 * message-id, by which the server knows what it has handled. Under its own session, and no other.
 */
export class KeptSends {

  #all = new Map();
  #characters = 0;
  #names = crypto.getRandomValues(new Uint32Array(2)).join('-');
  #last = 0;

  /** Returns the frame as it is to be sent, under this link. Throws where as much is kept as may. */
  add(frame, link) {
    const size = frame.body?.length ?? frame.binaryBody?.length ?? 0;
    if (this.#all.size >= MOST || this.#characters + size > MOST_CHARACTERS) {
      throw new Error(FULL);
    }
    this.#last += 1;
    const id = `${this.#names}-${this.#last}`;
    const named = { ...frame, headers: { ...frame.headers, 'message-id': id, receipt: id } };
    this.#all.set(id, { frame: named, link, size });
    this.#characters += size;
    return named;
  }

  /** Hears the receipt of one. */
  received(id) {
    this.#characters -= this.#all.get(id)?.size ?? 0;
    this.#all.delete(id);
  }

  /** Returns what is to be sent again under this link, and forgets what was sent under another. */
  again(link) {
    for (const [id, one] of this.#all) {
      if (one.link !== link) {
        this.received(id);
      }
    }
    return [...this.#all.values()].map(({ frame }) => frame);
  }

  /** Forgets all, and returns whether there was any. */
  forget() {
    const any = this.#all.size > 0;
    this.#all.clear();
    this.#characters = 0;
    return any;
  }

}
