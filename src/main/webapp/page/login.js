import { show } from './focus.js';
import * as words from './words.js';

/** The form to log in with, and the button to log out. */
export class Login {

  #api;
  #changed;
  #form = document.getElementById('login');
  #username = document.getElementById('username');
  #password = document.getElementById('password');
  #logIn = document.getElementById('log-in');
  #logOut = document.getElementById('log-out');
  #error = document.getElementById('account-error');

  /** Takes what to do once somebody has logged in or out, or may have: it gets the name, null or undefined. */
  constructor(api, changed) {
    this.#api = api;
    this.#changed = changed;
  }

  start() {
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#try(() => this.#submit());
    });
    this.#logOut.addEventListener('click', () => this.#try(() => this.#leave()));
    this.#logIn.disabled = false;
  }

  /** Takes the name of who is logged in, null for nobody. */
  show(name) {
    show(this.#form, !name, this.#logOut);
    show(this.#logOut, Boolean(name), this.#username);
  }

  /** What was refused under an ended session is of no interest any more. */
  forgive() {
    this.#error.textContent = '';
  }

  async #submit() {
    const content = { username: this.#username.value, password: this.#password.value };
    const answer = await this.#api.change('POST', 'login', content);
    this.#password.value = '';
    if (answer.ok) {
      this.#username.value = '';
      this.#changed((await answer.json()).principal);
    } else {
      this.#error.textContent = (await answer.json()).message;
      this.#password.focus();
    }
  }

  async #leave() {
    const answer = await this.#api.change('POST', 'logout');
    if (answer.ok) {
      this.#changed(null);
    } else {
      this.#error.textContent = words.status(words.NOT_LOGGED_OUT, answer.status);
    }
  }

  async #try(action) {
    this.#error.textContent = '';
    try {
      await action();
    } catch {
      this.#error.textContent = words.NO_ANSWER;
      this.#changed();
    }
  }

}
