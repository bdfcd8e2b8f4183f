import { Account } from './account.js';
import { Connection } from './connection.js';
import { Greetings } from './greetings.js';
import { Login } from './login.js';
import * as words from './words.js';

const LONGEST_NAME = 100;

/** Ties what is on the page to the connection. */
class Page {

  #connect = document.getElementById('connect');
  #disconnect = document.getElementById('disconnect');
  #end = document.getElementById('end');
  #expiring = document.getElementById('expiring');
  #expiringWords = document.getElementById('expiring-words');
  #stay = document.getElementById('stay');
  #form = document.getElementById('form');
  #name = document.getElementById('name');
  #send = document.getElementById('send');
  #state = document.getElementById('state');
  #error = document.getElementById('error');
  #greetings = new Greetings(document.getElementById('greetings'), document.getElementById('no-greetings'));

  #account = new Account();
  #login = new Login(this.#account);

  #connection = new Connection(Page.#socketUrl(), {
    connecting: () => this.#show('connecting', 'Connecting ...'),
    connected: () => this.#connected(),
    waiting: (why, delay) => this.#show('waiting', words.waiting(why, delay)),
    ended: (reason) => this.#ended(reason),
    renewed: () => this.#renewed(),
    expiring: (seconds) => this.#warn(words.expiring(seconds)),
    extended: () => this.#warn(''),
    greeted: (name) => this.#greetings.add(name),
    refused: (sentence, code) => this.#refused(sentence, code),
  });

  start() {
    this.#connect.addEventListener('click', () => {
      this.#complain('');
      this.#connection.start();
    });
    this.#disconnect.addEventListener('click', () => this.stop());
    this.#end.addEventListener('click', () => this.#endSession());
    this.#stay.addEventListener('click', () => this.#connection.extend());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#sendName();
    });
    this.#login.start();
    this.#show('disconnected', 'Not connected.');
  }

  stop() {
    this.#connection.stop();
    this.#show('disconnected', 'Not connected.');
  }

  /** Ends the session for all tabs: the server then ends their connections, as it does this one. */
  async #endSession() {
    this.#complain('');
    try {
      const response = await this.#account.endSession();
      if (!response.ok) {
        this.#complain(`The session was not ended: the server answered with status ${response.status}.`);
      }
    } catch {
      this.#complain('The session was not ended: the server cannot be reached.');
    }
  }

  #sendName() {
    this.#complain('');
    const name = this.#name.value;
    // Counted as the server does: an emoji is one, not two.
    const length = [...name].length;
    if (length > LONGEST_NAME) {
      this.#complain(`The name has ${length} characters: send at most ${LONGEST_NAME}.`);
      return;
    }
    try {
      this.#connection.send(name);
      // Not emptied, as the server may yet refuse it: typing replaces it all the same.
      this.#name.select();
    } catch (error) {
      this.#complain(error.message);
    }
  }

  #ended(reason) {
    this.#show('ended', words.ended(reason));
    // With the session its user is gone, in all tabs.
    this.#login.refresh();
  }

  // Where it comes back unnoticed, it was never said to be away.
  #connected() {
    if (this.#state.dataset.state !== 'connected') {
      this.#show('connected', 'Connected.');
    }
  }

  // With the session's id its user may be another, in all tabs.
  async #renewed() {
    const there = await this.#account.awaitSession();
    this.#login.refresh();
    return there;
  }

  #show(state, sentence) {
    this.#warn('');
    this.#state.dataset.state = state;
    this.#state.textContent = sentence;
    // While waiting, Connect means: at once.
    Page.#enable(this.#connect, !['connecting', 'connected'].includes(state), this.#name);
    Page.#enable(this.#disconnect, ['connecting', 'connected', 'waiting'].includes(state), this.#connect);
    Page.#enable(this.#end, state === 'connected', this.#connect);
    Page.#enable(this.#send, state === 'connected', this.#name);
  }

  #warn(sentence) {
    Page.#enable(this.#stay, sentence !== '', this.#name);
    this.#expiring.hidden = sentence === '';
    this.#expiringWords.textContent = sentence;
  }

  #refused(sentence, code) {
    if (!words.cover(code)) {
      this.#complain(sentence);
    }
  }

  #complain(sentence) {
    this.#error.textContent = sentence;
  }

  static #enable(button, enabled, next) {
    const focused = document.activeElement === button;
    button.disabled = !enabled;
    // A disabled button would keep the focus and swallow every key.
    if (focused && !enabled) {
      next.focus();
    }
  }

  static #socketUrl() {
    const url = new URL('greeting', document.baseURI);
    url.protocol = url.protocol.replace('http', 'ws');
    return url.href;
  }

}

new Page().start();
