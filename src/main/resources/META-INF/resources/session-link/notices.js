/** What the server tells a client of its session and of its mistakes, as text of JSON. */
export class Notices {

  #delegate;

  /** The delegate has a method for each event of the server's, broker(away), and refused(code, sentence). */
  constructor(delegate) {
    this.#delegate = delegate;
  }

  subscribe(connection) {
    connection.subscribe('/user/queue/session', ({ body }) => this.#noticed(Notices.#read(body)));
    connection.subscribe('/user/queue/errors', ({ body }) => this.#refused(Notices.#read(body)));
  }

  // That the session has ended the close frame says as well, with the same cause.
  #noticed({ event, ...notice }) {
    if (['OPEN', 'EXPIRING', 'EXTENDED', 'REVOKED', 'GAP'].includes(event)) {
      this.#delegate[event.toLowerCase()](notice);
    } else if (event === 'BROKER_DOWN' || event === 'BROKER_UP') {
      this.#delegate.broker(event === 'BROKER_DOWN');
    }
  }

  #refused({ error, message }) {
    if (typeof error === 'string') {
      this.#delegate.refused(error, message);
    }
  }

  static #read(text) {
    try {
      return JSON.parse(text) ?? {};
    } catch {
      return {};
    }
  }

}
