const LONGEST = 200;
const FIRST = { q: '', sort: 'lastActivity', dir: 'desc', page: 0 };

/** Which sessions are looked at; it is in the address, so that it survives a reload and can be passed on. */
export class View {

  #now;
  #changed;

  /** Takes what to do whenever it is another, and whether that was in the address first. */
  constructor(changed) {
    this.#changed = changed;
    this.#now = View.#inAddress();
    addEventListener('hashchange', () => {
      this.#now = View.#inAddress();
      this.#changed(true);
    });
  }

  // Anybody can pass on any address.
  static #inAddress() {
    const kept = new URLSearchParams(location.hash.slice(1));
    const now = { ...FIRST };
    for (const name of ['q', 'sort', 'dir']) {
      now[name] = kept.get(name) ?? FIRST[name];
    }
    now.q = now.q.replace(/\p{Cc}+/gu, ' ').trim().slice(0, LONGEST);
    now.page = Math.max(0, Number.parseInt(kept.get('page') ?? '0', 10) || 0);
    return now;
  }

  get q() {
    return this.#now.q;
  }

  get sort() {
    return this.#now.sort;
  }

  get dir() {
    return this.#now.dir;
  }

  get page() {
    return this.#now.page;
  }

  /** Looks at something else; but for a page, from the first one on. */
  change(part) {
    const next = { ...this.#now, page: 0, ...part };
    if (Object.keys(next).every((name) => next[name] === this.#now[name])) {
      return;
    }
    this.#now = next;
    history.replaceState(null, '', `#${this.query}`);
    this.#changed(false);
  }

  /** Forgets what makes no sense to the server; returns whether there was anything. */
  reset() {
    const before = this.query;
    this.#now = { ...FIRST, q: this.#now.q };
    history.replaceState(null, '', `#${this.query}`);
    return this.query !== before;
  }

  /** As the query of a request. */
  get query() {
    return new URLSearchParams(Object.entries(this.#now).map(([name, value]) => [name, String(value)])).toString();
  }

  /** As headers of a frame. */
  get headers() {
    return { q: this.q, sort: this.sort, dir: this.dir, page: String(this.page) };
  }

}
