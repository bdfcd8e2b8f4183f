const LONGEST_PAUSE = 1_000;

/**
 * The account behind the session, over HTTP. What changes something carries the token that the
 * server gives for the session.
 */
export class Account {

  #loggingIn = Promise.resolve();

  /** Returns the name of who is logged in, or null. */
  async name() {
    return (await (await fetch('login')).json()).principal;
  }

  /**
   * Waits until the browser has the id that a login, in any tab, gives the session, and returns
   * whether it has: a connection without it would start another session.
   */
  async awaitSession() {
    // The answer to a login of this tab brings it, and to ask before is in vain.
    await this.#loggingIn;
    for (let pause = 25; pause < LONGEST_PAUSE; pause *= 2) {
      if (await this.#hasSession()) {
        return true;
      }
      await new Promise((done) => setTimeout(done, pause));
    }
    return this.#hasSession();
  }

  /** Logs in, and returns the server's answer. */
  async logIn(username, password) {
    const answer = this.#send('login', 'POST', { 'Content-Type': 'application/json' },
      JSON.stringify({ username, password }));
    this.#loggingIn = answer.catch(() => {
      // Whoever has asked to log in hears of it.
    });
    return answer;
  }

  /** Logs out, which ends the session, and returns the server's answer. */
  async logOut() {
    return this.#send('logout', 'POST');
  }

  /** Ends the session for all tabs, and returns the server's answer. */
  async endSession() {
    // To ask for a token would start a session where there is none, only to end it.
    const look = await fetch('session');
    return look.ok ? this.#send('session', 'DELETE') : look;
  }

  async #hasSession() {
    try {
      return (await fetch('session')).ok;
    } catch {
      // That the server cannot be reached the connection finds out, and says.
      return true;
    }
  }

  async #send(path, method, headers = {}, body = undefined) {
    // Fetched each time, as a login in any tab changes it.
    const { headerName, token } = await (await fetch('csrf')).json();
    return fetch(path, { method, headers: { ...headers, [headerName]: token }, body });
  }

}
