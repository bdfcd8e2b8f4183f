const FIRST_PAUSE = 25;
const LONGEST_PAUSE = 1_000;
const CODES = { 'no-session': 'gone', 'session-required': 'required' };
// What an application answers that has no such API; a page of its own, too.
const NO_API = [200, 404, 405, 406, 501];

/**
 * Whose session is this? The server is asked, by requests that count for nothing and start no
 * session (B46). Its answers are 'same', 'other', 'gone', 'required' (gone, and none is started by
 * a handshake), 'login-required', 'unreachable', and 'unknown' of an application that has no such
 * API: there only CONNECTED tells.
 */
export class Whose {

  #api;

  constructor(api) {
    this.#api = api;
  }

  /**
   * Returns {whose, session, askedAt}, the last by this machine's clock: any session is the 'same'
   * where no link is given.
   */
  async ask(link, signal) {
    const askedAt = Date.now();
    try {
      return { ...Whose.#read(await this.#api.get('', {}, signal), link), askedAt };
    } catch {
      return { whose: 'unreachable' };
    }
  }

  /**
   * Asks until the browser has the id that a login, in any tab, has given the session: a handshake
   * with the one before would start another session.
   */
  async awaitSame(link, signal) {
    let answer = await this.ask(link, signal);
    for (let pause = FIRST_PAUSE; pause < LONGEST_PAUSE && Whose.#mayChange(answer); pause *= 2) {
      await Whose.#pause(pause, signal);
      answer = await this.ask(link, signal);
    }
    return answer;
  }

  /** Returns why the session of this link has ended, as far as the server still knows. */
  async cause(link, signal) {
    try {
      const { status, body } = await this.#api.get('/end', { link }, signal);
      return status === 200 && typeof body?.cause === 'string' ? body.cause : 'session-gone';
    } catch {
      return 'session-gone';
    }
  }

  static #read({ status, body }, link) {
    if (status === 200 && typeof body?.link === 'string') {
      return { whose: link === undefined || link === body.link ? 'same' : 'other', session: body };
    }
    // 0 is a redirection, which leads to a login form.
    if ([0, 401, 403].includes(status)) {
      return { whose: 'login-required' };
    }
    if (status === 404 && Object.hasOwn(CODES, body?.error)) {
      return { whose: CODES[body.error] };
    }
    return { whose: NO_API.includes(status) ? 'unknown' : 'unreachable' };
  }

  static #mayChange({ whose }) {
    return ['gone', 'required', 'other', 'login-required', 'unknown'].includes(whose);
  }

  static async #pause(milliseconds, signal) {
    await new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        done(undefined);
      });
    });
  }

}
