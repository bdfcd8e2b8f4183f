import { Api } from './api.js';
import { Charts } from './charts.js';
import { Detail } from './detail.js';
import { write } from './element.js';
import { Ending } from './ending.js';
import { Feed } from './feed.js';
import { Login } from './login.js';
import { Sessions } from './sessions.js';
import { Tabs } from './tabs.js';
import { Trail } from './trail.js';
import { View } from './view.js';
import * as words from './words.js';

const SECOND = 1_000;
const MOMENT = 200;
const ASK_AGAIN = 3 * SECOND;

/** Ties what is on the page to what the server tells. */
class Console {

  #api = new Api();
  #view = new View((followed) => this.#looksElsewhere(followed));
  #charts = new Charts();
  #ending = new Ending(this.#api);
  #detail = new Detail(this.#api, this.#ending, (answer) => this.#done(answer));
  #sessions = new Sessions(this.#view, (link) => this.#detail.open(link));
  #trail = new Trail((link) => this.#detail.open(link), () => this.#load());
  #tabs = new Tabs(() => this.#load());
  #login = new Login(() => this.#enter(), (left) => this.#loggedOut(left));
  #feed = new Feed({
    told: (news) => this.#told(news),
    state: (name, sentence) => this.#away(name, sentence),
    refused: () => this.#away('waiting', words.NO_FEED),
    over: (cause) => this.#over(cause),
  });
  #board = document.getElementById('board');
  #pill = document.getElementById('state');
  #error = document.getElementById('error');
  #note = document.getElementById('done');
  #silent = document.getElementById('silent');
  #q = document.getElementById('q');
  #turn = 0;
  #typing;
  #asked = 0;
  #live = false;
  #why = words.LOGIN_FIRST;

  start() {
    this.#q.value = this.#view.q;
    this.#q.addEventListener('input', () => {
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => this.#view.change({ q: this.#q.value.trim() }), MOMENT);
    });
    document.getElementById('end-all').addEventListener('click', () => this.#ending.ask({
      path: 'links', isForAll: true, heading: 'End all sessions?', go: 'End all sessions',
      note: 'Of all users, on all nodes, your own too: whoever is logged in logs in anew.', help: 'It is written down under “What happened”.',
      done: (answer) => this.#done(answer),
    }));
    document.addEventListener('visibilitychange', () => this.#tick());
    setInterval(() => this.#tick(), SECOND);
    this.#enter();
  }

  async #enter() {
    try {
      const { principal, mayChange, endpoint, feed, csrf } = await this.#api.console();
      this.#ending.header(csrf?.headerName);
      this.#detail.mayChange = mayChange;
      write(document.getElementById('name'), principal);
      document.getElementById('who').hidden = false;
      document.getElementById('read-only').hidden = mayChange;
      document.getElementById('end-all').hidden = !mayChange;
      this.#board.hidden = false;
      this.#why = words.LOGIN_FIRST;
      this.#login.hide();
      if (endpoint !== null) {
        this.#feed.start(endpoint, feed, this.#view);
      }
      this.#load();
    } catch (error) {
      await this.#notIn(error);
    }
  }

  // Nobody is logged in, or somebody whose page this is not, or nobody answers.
  async #notIn(error) {
    if (error.status === undefined || error.isOfServer) {
      this.#state('waiting', words.waiting('lost'));
      setTimeout(() => this.#enter(), ASK_AGAIN);
      return;
    }
    const principal = error.status === 403 ? await Console.#principal() : undefined;
    this.#leave(principal ? words.noRole(principal) : this.#why);
  }

  static async #principal() {
    try {
      return (await (await fetch('../login', { headers: { Accept: 'application/json' } })).json()).principal;
    } catch {
      return undefined;
    }
  }

  #leave(note) {
    this.#live = false;
    this.#feed.stop();
    this.#detail.close();
    this.#ending.close();
    this.#charts.interrupt();
    this.#board.hidden = true;
    document.getElementById('who').hidden = true;
    this.#state('ended', 'Not logged in');
    this.#login.show(note);
  }

  // Where a single socket was ended by hand, its session is there as before.
  #over(cause) {
    if (cause === 'session-kicked') {
      this.#why = words.ended(cause);
      this.#feed.stop();
      this.#enter();
    } else if (cause.startsWith('session-') && cause !== 'session-user-changed') {
      this.#leave(words.ended(cause));
    } else {
      this.#feed.stop();
      this.#enter();
    }
  }

  #loggedOut(left) {
    if (left) {
      this.#leave(words.LOGIN_FIRST);
    } else {
      write(this.#error, words.NOT_LOGGED_OUT);
    }
  }

  #looksElsewhere(followed) {
    if (followed) {
      clearTimeout(this.#typing);
      this.#q.value = this.#view.q;
    }
    this.#look();
  }

  #look(note) {
    this.#feed.look(this.#view);
    if (!this.#board.hidden) {
      this.#load(note);
    }
  }

  // What was asked before the last change of the view says nothing of it.
  async #load(note = '') {
    this.#turn += 1;
    const turn = this.#turn;
    this.#asked = Date.now();
    try {
      if (this.#tabs.isTrail) {
        const entries = await this.#entries();
        this.#if(turn, () => this.#trail.show(entries, this.#view.q));
      } else {
        const page = await this.#api.get(`links?${this.#view.query}`);
        this.#if(turn, () => {
          this.#sessions.show(page);
          this.#silence(page.silentNodes);
        });
      }
      this.#if(turn, () => write(this.#error, note));
    } catch (error) {
      this.#if(turn, () => this.#failed(error));
    }
  }

  #if(turn, task) {
    if (turn === this.#turn) {
      task();
    }
  }

  #entries() {
    return this.#api.get(`audit?${new URLSearchParams({ q: this.#view.q, ...this.#trail.which })}`);
  }

  #failed(error) {
    if (error.status === 401 || error.status === 403) {
      this.#notIn(error);
    } else if (error.status === 400 && this.#view.reset()) {
      this.#look(error.message);
    } else {
      write(this.#error, error.status === undefined ? '' : error.message);
    }
  }

  #told(news) {
    this.#live = true;
    this.#state('connected', words.LIVE);
    if (news.figures.now) {
      this.#sessions.skew(Date.parse(news.figures.now) - Date.now());
    }
    this.#sessions.own(this.#feed.link);
    this.#charts.show(news.figures);
    if (news.order !== undefined) {
      this.#silence(news.silentNodes);
      // An answer that was older than what was told has taken the place of it.
      if (!this.#sessions.change(news) && !this.#tabs.isTrail) {
        this.#load();
      }
    }
  }

  #silence(nodes = []) {
    this.#silent.hidden = nodes.length === 0;
    write(this.#silent, nodes.length === 0 ? '' : words.silent(nodes));
  }

  #away(name, sentence) {
    this.#live = false;
    this.#charts.interrupt();
    this.#state(name, sentence);
  }

  #state(name, sentence) {
    this.#pill.dataset.state = name;
    write(this.#pill, sentence);
  }

  #done(answer) {
    write(this.#note, words.done(answer));
    this.#load();
  }

  // What the feed does not tell is asked for, as long as somebody sees it.
  #tick() {
    if (document.visibilityState !== 'visible' || this.#board.hidden) {
      return;
    }
    this.#sessions.tick();
    const notTold = this.#tabs.isTrail || !this.#live;
    if (notTold && this.#pill.dataset.state !== 'connecting' && Date.now() - this.#asked > ASK_AGAIN) {
      this.#load();
    }
  }

}

new Console().start();
