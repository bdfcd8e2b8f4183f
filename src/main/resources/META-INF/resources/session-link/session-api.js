const LONGEST_ANSWER = 10_000;

/** The server's session API over HTTP, with the browser's cookie for it wherever the page is from. */
export class SessionApi {

  #url;
  #csrf;

  /** Takes its URL, and what gives the headers that a request must carry which changes something. */
  constructor(url, csrf) {
    this.#url = url;
    this.#csrf = csrf;
  }

  /** Returns {status, body}, the body undefined where it is no JSON; fails where nobody answers. */
  async get(path, query, signal) {
    signal.throwIfAborted();
    const request = new AbortController();
    const abort = () => request.abort();
    // A server that accepts and never answers is out of reach as well.
    const timer = setTimeout(abort, LONGEST_ANSWER);
    signal.addEventListener('abort', abort);
    try {
      return await this.#ask('GET', path, query, {}, request.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  /** The same of a request that changes something: only the time that an answer may take ends it. */
  async post(path) {
    const request = new AbortController();
    const { signal } = request;
    const late = new Promise((_, fail) => signal.addEventListener('abort', () => fail(signal.reason)));
    const timer = setTimeout(() => request.abort(), LONGEST_ANSWER);
    try {
      return await Promise.race([late, this.#csrf().then((headers) => this.#ask('POST', path, {}, headers, signal))]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(method, path, query, headers, signal) {
    const answer = await fetch(this.#at(path, query), {
      method, headers: { Accept: 'application/json', ...headers }, credentials: 'include', cache: 'no-store', signal,
      // Leads to a login form, which answers nothing.
      redirect: 'manual',
    });
    return { status: answer.status, body: await SessionApi.#json(answer) };
  }

  #at(path, query) {
    const url = new URL(this.#url);
    url.pathname = url.pathname.replace(/\/$/, '') + path;
    for (const [name, value] of Object.entries(query)) {
      url.searchParams.set(name, value);
    }
    return url.href;
  }

  static async #json(answer) {
    const text = await answer.text();
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

}
