/** Thrown where the server refuses: with its code, its sentence and the status. */
export class Refusal extends Error {

  constructor(status, { error, message } = {}) {
    super(message ?? `The server answered with status ${status}.`);
    this.status = status;
    this.code = error;
  }

  /** Whether it says nothing of who asks: a server that starts, or what stands before it, answers so too. */
  get isOfServer() {
    return this.status === 429 || this.status >= 500;
  }

}

/** Requests of operators, relative to the page. */
export class Api {

  /** Returns what the page has to know; fails with a Refusal for whom it is not. */
  console() {
    return this.get('console.json');
  }

  /** Returns what is at a path. */
  async get(path) {
    return Api.#answer(await fetch(path, { headers: { Accept: 'application/json' }, cache: 'no-store', redirect: 'manual' }));
  }

  /** Ends something; the token is asked for each time, as a login in any tab changes it. */
  async delete(path) {
    const { csrf } = await this.console();
    const headers = { Accept: 'application/json', ...(csrf && { [csrf.headerName]: csrf.token }) };
    return Api.#answer(await fetch(path, { method: 'DELETE', headers, redirect: 'manual' }));
  }

  static async #answer(answer) {
    let body;
    try {
      body = await answer.json();
    } catch {
      // Such as a page to log in at, to which nothing here leads.
    }
    if (!answer.ok || body === undefined) {
      throw new Refusal(answer.type === 'opaqueredirect' ? 401 : answer.status, body);
    }
    return body;
  }

}
