import { enable } from './focus.js';
import * as words from './words.js';

const LONGEST_NAME = 100;

/** Says whether the page is connected, and lets a person connect, disconnect and send a name. */
export class ConnectionPanel {

  #link;
  #stopped;
  #state = document.getElementById('state');
  #connect = document.getElementById('connect');
  #disconnect = document.getElementById('disconnect');
  #form = document.getElementById('form');
  #name = document.getElementById('name');
  #send = document.getElementById('send');
  #error = document.getElementById('error');

  /** Takes what to do once somebody has disconnected. */
  constructor(link, stopped) {
    this.#link = link;
    this.#stopped = stopped;
  }

  start() {
    this.#connect.addEventListener('click', () => {
      this.complain('');
      this.#link.start();
    });
    this.#disconnect.addEventListener('click', () => this.stop());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#sendName();
    });
    this.#follow();
    this.#show('disconnected', words.NOT_CONNECTED);
  }

  stop() {
    this.#link.stop();
    this.#show('disconnected', words.NOT_CONNECTED);
    this.#stopped();
  }

  complain(sentence) {
    this.#error.textContent = sentence;
  }

  #follow() {
    const on = (type, listener) => this.#link.addEventListener(type, ({ detail }) => listener(detail));
    on('connecting', () => this.#show('connecting', words.CONNECTING));
    on('connected', () => this.#show('connected', words.CONNECTED));
    on('waiting', ({ why, delay }) => this.#show('waiting', words.waiting(why, delay)));
    on('ended', ({ cause }) => this.#show('ended', words.ended(cause)));
  }

  #sendName() {
    this.complain('');
    const name = this.#name.value;
    // Counted as the server does: an emoji is one, not two.
    const length = [...name].length;
    if (length > LONGEST_NAME) {
      this.complain(words.tooLong(length, LONGEST_NAME));
      return;
    }
    try {
      this.#link.send('/app/message', { name });
      // Not emptied, as the server may yet refuse it: typing replaces it all the same.
      this.#name.select();
    } catch {
      this.complain(words.NOT_SENT);
    }
  }

  #show(state, sentence) {
    this.#state.dataset.state = state;
    this.#state.textContent = sentence;
    // While waiting, Connect means: at once.
    enable(this.#connect, !['connecting', 'connected'].includes(state), this.#name);
    enable(this.#disconnect, ['connecting', 'connected', 'waiting'].includes(state), this.#connect);
    enable(this.#send, state === 'connected', this.#name);
  }

}
