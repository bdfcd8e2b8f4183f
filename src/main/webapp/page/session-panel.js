import { Clock } from './clock.js';
import { enable } from './focus.js';
import { Sockets } from './sockets.js';
import * as words from './words.js';

const BUTTONS = ['extend', 'rotate', 'end'];
// Time for the server to say what has become of it.
const OVERDUE = 5_000;

/** What there is to say of the session. It is said of now, or as it was last known, or not at all. */
export class SessionPanel {

  #who = document.getElementById('who');
  #note = document.getElementById('session-note');
  #facts = document.getElementById('facts');
  #connect = document.getElementById('connect');
  #sockets = new Sockets();
  #clock = new Clock(() => this.#count());
  #name;
  #known = false;
  #stale = false;
  #deadline;
  #ageDeadline;

  /** The fingerprint of the session that is shown, of now or as last known; empty where there is none. */
  get link() {
    return document.getElementById('link').textContent;
  }

  /** Whether it is shown as it was last known. */
  get stale() {
    return this.#stale;
  }

  /** This tab is connected under it: takes its fingerprint, all else is to come. */
  enter(link) {
    this.#known = true;
    this.#stale = false;
    this.#fill('link', link);
    this.#paint();
  }

  /** Takes what the server says of the session, and of its sockets, and which of these is this tab's. */
  show(view, sockets, own) {
    this.#known = true;
    this.#stale = false;
    this.#name = view.principal;
    this.#fill('link', view.link);
    this.#fill('since', words.time(view.createdAt));
    this.#fill('roles', view.roles.join(', '));
    this.#ageDeadline = view.ageRemainingSeconds === null ? undefined : Date.now() + view.ageRemainingSeconds * 1_000;
    this.#deadline ??= view.remainingSeconds === null ? null : Date.now() + view.remainingSeconds * 1_000;
    this.#sockets.show(sockets, own);
    this.#paint();
  }

  /** Takes who is logged in, null for nobody. */
  identify(name) {
    this.#name = name;
    this.#paint();
  }

  /** Takes when the session ends unless somebody is active, null for never. */
  last(deadline) {
    this.#deadline = deadline;
    this.#paint();
  }

  /** Nobody can say now whether it is still so: which connections there are is not even guessed. */
  doubt() {
    this.#stale = this.#known;
    this.#sockets.show([]);
    this.#paint();
  }

  /** There is no session, or it has ended: takes what to say of that. */
  forget(sentence) {
    this.#known = this.#stale = false;
    this.#name = this.#deadline = this.#ageDeadline = undefined;
    this.#note.textContent = sentence;
    ['link', 'since', 'roles', 'left', 'age'].forEach((id) => this.#fill(id, ''));
    this.#sockets.show([]);
    this.#paint();
  }

  #paint() {
    this.#facts.hidden = !this.#known;
    this.#note.hidden = this.#known && !this.#stale;
    if (this.#known) {
      this.#note.textContent = words.LAST_KNOWN;
    }
    this.#say(words.who(this.#name, this.#stale));
    BUTTONS.forEach((id) => enable(document.getElementById(id), this.#known && !this.#stale, this.#connect));
    this.#wind();
  }

  // A live region tells of each change, and of what only looks like one.
  #say(sentence) {
    if (this.#who.textContent !== sentence) {
      this.#who.textContent = sentence;
    }
  }

  // What nobody can know now is not counted.
  #wind() {
    if (this.#known && !this.#stale) {
      this.#clock.start();
    } else {
      this.#clock.stop();
      this.#fill('left', '');
      this.#fill('age', '');
    }
  }

  #count() {
    if (typeof this.#deadline === 'number' && Date.now() > this.#deadline + OVERDUE) {
      this.doubt();
      return;
    }
    this.#fill('left', SessionPanel.#left(this.#deadline));
    this.#fill('age', SessionPanel.#left(this.#ageDeadline));
  }

  static #left(deadline) {
    if (deadline === undefined) {
      return '';
    }
    return deadline === null ? words.FOR_EVER : words.left(deadline);
  }

  // A fact that is not there takes its name with it.
  #fill(id, text) {
    const fact = document.getElementById(id);
    fact.textContent = text;
    fact.closest('div').hidden = text === '';
  }

}
