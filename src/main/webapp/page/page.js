import { Client } from '../lib/stompjs/index.js';
import { SessionLink } from '../lib/session-link/session-link.js';
import { Api } from './api.js';
import { Banner } from './banner.js';
import { Chronicle } from './chronicle.js';
import { ConnectionPanel } from './connection-panel.js';
import { Greetings } from './greetings.js';
import { Login } from './login.js';
import { MySessions } from './my-sessions.js';
import { SessionPanel } from './session-panel.js';
import { Tabs } from './tabs.js';
import { Timeline } from './timeline.js';
import * as words from './words.js';

const MOMENT = 200;

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
  #tabs = new Tabs(() => this.#look());
  #error = document.getElementById('session-error');
  #timer;
  #turn = 0;

  start() {
    this.#timeline.start();
    this.#chronicle.follow(this.#link);
    this.#follow();
    this.#link.subscribe('/topic/reply', ({ body }) => this.#greetings.add(body), { keep: true });
    this.#onClick('extend', () => this.#link.extend());
    this.#onClick('rotate', () => this.#change('POST', 'session/rotate', words.NOT_RENEWED));
    this.#onClick('end', () => this.#endSession());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.#look());
    window.addEventListener('pagehide', () => this.#tabs.tell());
    this.#connection.start();
    this.#login.start();
    this.#none(words.NO_SESSION);
    this.#look();
  }

  #follow() {
    const on = (type, listener) => this.#link.addEventListener(type, ({ detail }) => listener(detail));
    on('connected', ({ link }) => this.#session.enter(link ?? ''));
    on('waiting', () => this.#session.doubt());
    on('closed', () => this.#tabs.tell());
    on('expiring', ({ deadline }) => this.#counts(deadline, true));
    on('extended', ({ deadline }) => this.#counts(deadline, false));
    on('identity', ({ principal }) => this.#identified(principal));
    on('refused', ({ code, sentence }) => this.#refused(code, sentence));
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

  #counts(deadline, near) {
    this.#session.last(deadline);
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

  // Where the connection is up it hears of the new name, and of the end, by itself.
  #loggedInOrOut(name) {
    if (name) {
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

  async #change(method, path, failure) {
    this.#error.textContent = '';
    try {
      const answer = await this.#api.changeSession(method, path);
      if (!answer.ok) {
        this.#error.textContent = words.status(failure, answer.status);
        return;
      }
      this.#changed();
    } catch {
      this.#error.textContent = words.unreachable(failure);
    }
  }

  // Nothing of it survives but why it has ended, and what somebody is writing.
  #ended(cause) {
    this.#none(words.whyEnded(cause));
    this.#greetings.clear();
    this.#error.textContent = '';
    this.#login.forgive();
    this.#changed();
  }

  #none(sentence) {
    this.#banner.hide();
    this.#session.forget(sentence);
    this.#identified(undefined);
  }

  // In this tab, and so perhaps in all.
  #changed() {
    this.#tabs.tell();
    this.#look();
  }

  // In a moment, as much happens at once. None of it counts as activity.
  #look() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(), MOMENT);
  }

  async #show() {
    this.#turn += 1;
    const turn = this.#turn;
    try {
      const view = await this.#link.look();
      const shown = view ? await this.#view(view) : await this.#nobody();
      // What is asked meanwhile is newer, and what has ended meanwhile is not shown any more.
      if (turn === this.#turn) {
        shown();
      }
    } catch {
      this.#session.doubt();
    }
  }

  async #view(view) {
    const sockets = await this.#api.ask('session/sockets') ?? [];
    const mine = view.principal === null ? undefined : await this.#api.ask('session/mine');
    return () => {
      if (view.link === this.#link.link) {
        this.#session.show(view, sockets, this.#link.socket);
        this.#login.show(view.principal);
        this.#mine.show(mine ?? []);
      }
    };
  }

  // Only where no session is known, as the request would count for one.
  async #nobody() {
    if (this.#link.link !== undefined) {
      return () => this.#session.doubt();
    }
    const { principal } = await this.#api.ask('login');
    return () => this.#link.link === undefined && this.#identified(principal);
  }

}

new Page().start();
