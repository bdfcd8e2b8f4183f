import { Client } from '../lib/stompjs/index.js';
import { SessionLink } from '../lib/session-link/session-link.js';
import { Api } from './api.js';
import { Banner } from './banner.js';
import { Chronicle } from './chronicle.js';
import { ConnectionPanel } from './connection-panel.js';
import { Greetings } from './greetings.js';
import { Login } from './login.js';
import { Look } from './look.js';
import { MySessions } from './my-sessions.js';
import { SessionPanel } from './session-panel.js';
import { Tabs } from './tabs.js';
import { Timeline } from './timeline.js';
import * as words from './words.js';

/** Ties what is on the page to the connection and its session. */
class Page {

  #timeline = new Timeline();
  #chronicle = new Chronicle(this.#timeline);
  #api = new Api({ requested: (method, path, status) => this.#chronicle.requested(method, path, status) });
  #link = new SessionLink({ url: 'greeting', Client, csrf: () => this.#api.csrf() });
  #connection = new ConnectionPanel(this.#link, () => this.#changed());
  #session = new SessionPanel();
  #greetings = new Greetings();
  #banner = new Banner(() => this.#link.extend());
  #login = new Login(this.#api, (name) => this.#loggedInOrOut(name));
  #mine = new MySessions({
    end: (link, current) => current ? this.#endSession() : this.#change('DELETE', `session/mine/${link}`, words.NOT_ENDED),
    endOthers: () => this.#change('DELETE', 'session/mine?keep=this', words.NOT_ENDED),
  });
  #look = new Look(this.#link, this.#api, {
    found: (view, sockets, mine) => this.#found(view, sockets, mine),
    nobody: (principal) => this.#identified(principal),
    doubt: () => this.#doubt(),
  });
  #tabs = new Tabs(() => this.#look.soon());
  #error = document.getElementById('session-error');

  start() {
    this.#timeline.start();
    this.#chronicle.follow(this.#link);
    this.#follow();
    this.#link.subscribe('/topic/reply', ({ body }) => this.#greetings.add(body), { keep: true, resume: true });
    this.#onClick('extend', () => this.#link.extend());
    this.#onClick('rotate', () => this.#rotate());
    this.#onClick('end', () => this.#endSession());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#look.soon());
    window.addEventListener('pagehide', () => this.#tabs.tell());
    this.#connection.start();
    this.#login.start();
    this.#forget(words.NO_SESSION);
    this.#look.soon();
  }

  #follow() {
    const on = (type, listener) => this.#link.addEventListener(type, ({ detail }) => listener(detail));
    on('connected', ({ link }) => this.#entered(link ?? ''));
    on('waiting', () => {
      this.#look.forget();
      this.#doubt();
    });
    on('closed', () => this.#tabs.tell());
    on('expiring', ({ deadline }) => this.#counts(deadline, true));
    on('extended', ({ deadline }) => this.#counts(deadline, false));
    on('identity', ({ principal }) => this.#identified(principal));
    on('refused', ({ code, sentence }) => this.#refused(code, sentence));
    on('broker', ({ away }) => this.#connection.complain(words.broker(away)));
    on('ended', ({ cause }) => this.#ended(cause));
    on('frame', ({ out, command }) => {
      // So it hears of a connection that comes back unnoticed as well.
      if (!out && command === 'CONNECTED') {
        this.#changed();
      }
    });
  }

  #onClick(id, action) {
    document.getElementById(id).addEventListener('click', () => {
      this.#error.textContent = '';
      action();
    });
  }

  // A person may have connected under another session than there was before.
  #entered(link) {
    if (this.#session.link !== '' && this.#session.link !== link) {
      this.#forget('');
      this.#chronicle.forget();
    }
    this.#session.enter(link);
  }

  #found(view, sockets, mine) {
    this.#session.show(view, sockets, this.#link.socket);
    this.#login.show(view.principal);
    this.#mine.show(mine);
  }

  #doubt() {
    this.#session.doubt();
    this.#mine.show([]);
  }

  #counts(deadline, near) {
    this.#session.last(deadline);
    if (this.#session.stale) {
      this.#look.soon();
    }
    if (near) {
      this.#banner.warn(deadline);
    } else {
      this.#banner.hide();
    }
  }

  #identified(name) {
    this.#session.identify(name);
    this.#login.show(name);
    if (!name) {
      this.#mine.show([]);
    }
  }

  // Of the name, null for nobody, and undefined where somebody has yet to ask.
  #loggedInOrOut(name) {
    if (name !== undefined) {
      this.#identified(name);
    }
    this.#changed();
  }

  #refused(code, sentence) {
    if (code === 'not-extended') {
      this.#error.textContent = sentence;
    } else {
      this.#connection.complain(code === 'not-sent' ? words.NOT_SENT : sentence);
    }
  }

  /** Ends the session for all tabs: the server then ends their connections, as it does this one. */
  #endSession() {
    return this.#change('DELETE', 'session', words.NOT_ENDED);
  }

  async #rotate() {
    if (await this.#change('POST', 'session/rotate', words.NOT_RENEWED)) {
      this.#chronicle.renewed();
    }
  }

  // Returns whether it was done.
  async #change(method, path, failure) {
    this.#error.textContent = '';
    try {
      const answer = await this.#api.changeSession(method, path, this.#session.link);
      if (!answer?.ok) {
        this.#error.textContent = answer ? words.status(failure, answer.status) : words.OTHER_SESSION;
      }
      this.#changed();
      return answer?.ok === true;
    } catch {
      this.#error.textContent = words.NO_ANSWER;
      this.#changed();
      return false;
    }
  }

  #ended(cause) {
    this.#forget(words.whyEnded(cause));
    this.#changed();
  }

  // Nothing of it survives but why it has ended, and what somebody is writing.
  #forget(sentence) {
    this.#banner.hide();
    this.#session.forget(sentence);
    this.#identified(undefined);
    this.#greetings.clear();
    this.#login.forgive();
    this.#error.textContent = '';
  }

  // In this tab, and so perhaps in all.
  #changed() {
    this.#tabs.tell();
    this.#look.soon();
  }

}

new Page().start();
