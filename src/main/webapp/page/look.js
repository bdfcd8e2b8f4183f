const MOMENT = 200;

/**
 * Asks the server what there is of the session: as something has happened, and never just to see.
 * Nothing of it counts as activity.
 *
 * The delegate hears of found(view, sockets, mine), with the person's own sessions, none for an
 * anonymous visitor, of nobody(principal) where there is no session, and of doubt() where nobody can
 * say.
 */
export class Look {

  #link;
  #api;
  #delegate;
  #timer;
  #turn = 0;

  constructor(link, api, delegate) {
    this.#link = link;
    this.#api = api;
    this.#delegate = delegate;
  }

  /** In a moment, as much happens at once. */
  soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#look(), MOMENT);
  }

  /** What was asked before now says nothing of now. */
  forget() {
    this.#turn += 1;
  }

  async #look() {
    this.#turn += 1;
    const turn = this.#turn;
    let tell;
    try {
      const view = await this.#link.look();
      tell = view ? await this.#found(view) : await this.#nobody();
    } catch {
      tell = () => this.#delegate.doubt();
    }
    // What is asked meanwhile is newer.
    if (turn === this.#turn) {
      tell();
    }
  }

  async #found(view) {
    const sockets = await this.#api.ask('session/sockets') ?? [];
    const mine = view.principal === null ? [] : await this.#api.ask('session/mine') ?? [];
    return () => {
      // What has ended meanwhile is not shown any more.
      if (view.link === this.#link.link) {
        this.#delegate.found(view, sockets, mine);
      }
    };
  }

  // Only where no session is known is asked who it is, as that would count as activity in one.
  async #nobody() {
    if (this.#link.link !== undefined) {
      return () => this.#delegate.doubt();
    }
    const { principal } = await this.#api.ask('login');
    return () => this.#link.link === undefined && this.#delegate.nobody(principal);
  }

}
