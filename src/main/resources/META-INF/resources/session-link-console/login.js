import { write } from './element.js';
import * as words from './words.js';

/** The form to log in with, where the application has a login for pages at all. */
export class Login {

  #section = document.getElementById('login-section');
  #form = document.getElementById('login');
  #note = document.getElementById('login-note');
  #error = document.getElementById('login-error');
  #username = document.getElementById('username');
  #password = document.getElementById('password');
  #logOut = document.getElementById('log-out');
  #loggedIn;

  /** Takes what to do once somebody has logged in, and once out, or not, which is true or false. */
  constructor(loggedIn, loggedOut) {
    this.#loggedIn = loggedIn;
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try(() => this.#submit());
    });
    this.#logOut.addEventListener('click', async () => loggedOut(await Login.#leave()));
  }

  /** Asks for a login, and says why. */
  async show(note) {
    write(this.#note, note);
    this.#section.hidden = false;
    this.#logOut.hidden = true;
    this.#form.hidden = !await Login.#isThere();
    if (this.#form.hidden) {
      write(this.#note, `${note} ${words.LOGIN_ELSEWHERE}`);
    } else {
      this.#username.focus();
    }
  }

  async hide() {
    this.#section.hidden = true;
    this.#error.textContent = '';
    this.#logOut.hidden = !await Login.#isThere();
  }

  async #submit() {
    const answer = await Login.#change('../login', { username: this.#username.value, password: this.#password.value });
    this.#password.value = '';
    if (answer.ok) {
      this.#username.value = '';
      this.#loggedIn();
    } else {
      this.#error.textContent = (await answer.json()).message;
      this.#password.focus();
    }
  }

  static async #leave() {
    try {
      return (await Login.#change('../logout')).ok;
    } catch {
      return false;
    }
  }

  static async #isThere() {
    try {
      const answer = await fetch('../login', { headers: { Accept: 'application/json' }, redirect: 'manual' });
      return answer.ok && (await answer.json()).principal !== undefined;
    } catch {
      return false;
    }
  }

  static async #change(path, content) {
    const { headerName, token } = await (await fetch('../csrf')).json();
    const headers = { 'Content-Type': 'application/json', [headerName]: token };
    return fetch(path, { method: 'POST', headers, body: content && JSON.stringify(content) });
  }

  async #try(action) {
    this.#error.textContent = '';
    try {
      await action();
    } catch {
      this.#error.textContent = words.NO_ANSWER;
    }
  }

}
