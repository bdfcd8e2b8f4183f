import { write } from './element.js';
import { curl } from './curl.js';
import * as words from './words.js';

/**
 * Asks whether something is to end, and why; then has it done. It shows the same as a command, which holds
 * none of the operator's own secrets.
 */
export class Ending {

  #dialog = document.getElementById('ending');
  #form = document.getElementById('ending-form');
  #heading = document.getElementById('ending-heading');
  #note = document.getElementById('ending-note');
  #reason = document.getElementById('reason');
  #help = document.getElementById('reason-help');
  #typedField = document.getElementById('typed-field');
  #typed = document.getElementById('typed');
  #curl = document.getElementById('curl');
  #copied = document.getElementById('copied');
  #error = document.getElementById('ending-error');
  #go = document.getElementById('ending-go');
  #api;
  #header;
  #asked;

  constructor(api) {
    this.#api = api;
    write(document.getElementById('typed-word'), words.END_ALL_WORD);
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#do();
    });
    this.#form.addEventListener('input', () => this.#paint());
    document.getElementById('ending-cancel').addEventListener('click', () => this.#dialog.close());
    document.getElementById('copy').addEventListener('click', () => this.#copy());
    this.#dialog.addEventListener('close', () => {
      this.#asked = undefined;
    });
  }

  /** Takes the name of the header for the token, undefined where none is asked for. */
  header(name) {
    this.#header = name;
  }

  /**
   * Asks: takes path and query of the request without the reason, what to say, whether a reason has to be
   * given and the word to be typed, and what to do with the server's answer.
   */
  ask({ path, query = {}, heading, note, go, help = '', isForAll = false, done }) {
    this.#asked = { path, query, isForAll, done };
    write(this.#heading, heading);
    write(this.#note, note);
    write(this.#help, isForAll ? `Has to be given. ${help}` : `May be empty. ${help}`);
    write(this.#go, go);
    this.#typedField.hidden = !isForAll;
    this.#reason.required = isForAll;
    this.#reason.value = this.#typed.value = this.#error.textContent = this.#copied.textContent = '';
    this.#dialog.querySelector('details').open = false;
    this.#paint();
    this.#dialog.showModal();
    this.#reason.focus();
  }

  /** Asks no longer. */
  close() {
    this.#dialog.close();
  }

  get #path() {
    const { path, query } = this.#asked;
    const reason = this.#reason.value.trim();
    const all = new URLSearchParams({ ...query, ...(reason !== '' && { reason }) }).toString();
    return all === '' ? path : `${path}?${all}`;
  }

  #paint() {
    if (this.#asked === undefined) {
      return;
    }
    this.#go.disabled = this.#asked.isForAll
      && (this.#typed.value.trim().toLowerCase() !== words.END_ALL_WORD || this.#reason.value.trim() === '');
    write(this.#curl, curl(new URL(this.#path, document.baseURI).href, this.#header));
  }

  async #do() {
    const { done } = this.#asked;
    this.#go.disabled = true;
    this.#error.textContent = '';
    try {
      const answer = await this.#api.delete(this.#path);
      this.#dialog.close();
      done(answer);
    } catch (error) {
      this.#error.textContent = error.status === undefined ? words.NO_ANSWER : error.message;
      this.#paint();
    }
  }

  async #copy() {
    try {
      await navigator.clipboard.writeText(this.#curl.textContent);
      this.#copied.textContent = words.COPIED;
    } catch {
      this.#copied.textContent = words.NOT_COPIED;
    }
  }

}
