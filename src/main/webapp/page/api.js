/**
 * Requests to the server, relative to the page. What changes something carries the token that the
 * server gives for the session.
 *
 * The delegate hears of requested(method, path, status), with status 0 where nobody answered.
 */
export class Api {

  #delegate;

  constructor(delegate) {
    this.#delegate = delegate;
  }

  /** Asks, and returns what the server says, or undefined where it says no; throws where nobody answers. */
  async ask(path) {
    const answer = await this.#fetch('GET', path);
    return answer.ok ? answer.json() : undefined;
  }

  /** Changes something, and returns the server's answer. */
  async change(method, path, content) {
    const headers = await this.csrf();
    if (content === undefined) {
      return this.#fetch(method, path, { headers });
    }
    headers['Content-Type'] = 'application/json';
    return this.#fetch(method, path, { headers, body: JSON.stringify(content) });
  }

  /**
   * Changes something of a session: where there is none, returns the answer that says so, and nothing
   * where there is another than this.
   */
  async changeSession(method, path, link) {
    // To ask for a token would start a session, only to change it.
    const look = await this.#fetch('GET', 'session');
    if (!look.ok) {
      return look;
    }
    return (await look.json()).link === link ? this.change(method, path) : undefined;
  }

  /** Returns the headers without which nothing is changed: asked for each time, as a login in any tab changes them. */
  async csrf() {
    const { headerName, token } = await this.ask('csrf');
    return { [headerName]: token };
  }

  async #fetch(method, path, options = {}) {
    let status = 0;
    try {
      const answer = await fetch(path, { method, ...options });
      status = answer.status;
      return answer;
    } finally {
      this.#delegate.requested(method, path, status);
    }
  }

}
