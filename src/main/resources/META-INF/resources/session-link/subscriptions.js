import { Cursor } from './cursor.js';
import { tell } from './foreign.js';

/**
 * What the application has subscribed to: made again by each connection, and forgotten with the
 * session that it was made under, unless it is to be kept.
 */
export class Subscriptions {

  #all = new Set();
  #connection;
  #delegate;
  #receipts = 0;

  /** The delegate hears of recovered({destination, count}) and gap({destination}) of those that resume. */
  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Returns what ends it. Takes the link that it is made under, undefined where there is none yet. */
  add(destination, listener, { keep = false, resume = false, ...headers }, link) {
    const one = { destination, listener, headers, keep, link, made: undefined, cursor: resume ? this.#cursor(destination) : undefined };
    this.#all.add(one);
    this.#make(one, link);
    return () => this.#remove(one);
  }

  /** Makes all of them by a new connection. */
  renew(connection, link) {
    this.#connection = connection;
    this.#all.forEach((one) => this.#make(one, link));
  }

  /** Forgets what was made under a session that has ended. */
  forget(link) {
    for (const one of this.#all) {
      // A server that does not name the session has made it under this one all the same.
      if (one.link === link && (link !== undefined || one.made !== undefined)) {
        one.link = one.made = undefined;
        one.cursor &&= this.#cursor(one.destination);
        if (!one.keep) {
          this.#remove(one);
        }
      }
    }
  }

  /** Goes on from a position, where the server has lost what was before it. */
  moved(destination, position) {
    this.#all.forEach((one) => one.destination === destination && one.cursor?.moved(position));
  }

  /** Does not make again what the server has taken back. */
  revoked(id) {
    this.#all.forEach((one) => one.made?.id === id && this.#all.delete(one));
  }

  #make(one, link) {
    if (this.#connection?.connected) {
      one.link = link;
      // Copied, as the library hands on what it has got.
      one.made = this.#connection.subscribe(one.destination, (message) => this.#received(one, message),
        { ...one.headers, ...this.#resuming(one.cursor) });
    }
  }

  #cursor(destination) {
    return new Cursor({
      recovered: (count) => this.#delegate.recovered({ destination, count }),
      gap: () => this.#delegate.gap({ destination }),
    });
  }

  #resuming(cursor) {
    if (cursor === undefined) {
      return {};
    }
    this.#receipts += 1;
    const receipt = `resume-${this.#receipts}`;
    this.#connection.receipt(receipt, (headers) => cursor.subscribed(headers));
    return { receipt, resume: cursor.position };
  }

  #received({ listener, cursor }, message) {
    tell(listener, message);
    cursor?.received(message.headers);
  }

  #remove(one) {
    if (this.#all.delete(one) && this.#connection?.connected) {
      one.made?.unsubscribe();
    }
  }

}
