import { show } from './focus.js';
import * as words from './words.js';

/** The sessions of who is logged in, one row each, with what ends them. */
export class MySessions {

  #section = document.getElementById('mine');
  #heading = document.getElementById('mine-heading');
  #list = document.getElementById('mine-list');
  #others = document.getElementById('end-others');
  #connect = document.getElementById('connect');
  #end;

  /** The delegate hears of end(link, current) and endOthers(). */
  constructor(delegate) {
    this.#end = (link, current) => delegate.end(link, current);
    this.#others.addEventListener('click', () => delegate.endOthers());
  }

  /** Takes what the server says of them: none, and there is nothing to be seen. */
  show(sessions) {
    const focused = this.#list.contains(document.activeElement) && document.activeElement.dataset.link;
    this.#list.replaceChildren(...sessions.map((session) => this.#row(session)));
    show(this.#section, sessions.length > 0, this.#connect);
    show(this.#others, sessions.length > 1, this.#heading);
    if (focused) {
      (this.#list.querySelector(`[data-link="${focused}"]`) ?? this.#heading).focus();
    }
  }

  #row(session) {
    const row = document.createElement('li');
    row.className = 'list-group-item';
    row.append(MySessions.#title(session), MySessions.#facts(session), this.#button(session));
    return row;
  }

  static #title({ browser, current }) {
    const title = MySessions.#element('p', 'mine-title', browser);
    if (current) {
      title.append(MySessions.#element('span', 'badge text-bg-primary', words.THIS_SESSION));
    }
    return title;
  }

  static #facts(session) {
    const facts = MySessions.#element('dl', 'mine-facts', '');
    for (const [name, value] of words.facts(session)) {
      const fact = document.createElement('div');
      fact.append(MySessions.#element('dt', '', name), MySessions.#element('dd', '', value));
      facts.append(fact);
    }
    return facts;
  }

  #button({ link, browser, current }) {
    const button = MySessions.#element('button', 'btn btn-sm btn-outline-danger', words.END);
    button.type = 'button';
    button.dataset.link = link;
    button.setAttribute('aria-label', words.endOf(browser, link, current));
    button.addEventListener('click', () => this.#end(link, current));
    return button;
  }

  static #element(name, className, text) {
    const element = document.createElement(name);
    element.className = className;
    element.textContent = text;
    return element;
  }

}
