import { element, patch, write } from './element.js';
import * as words from './words.js';

const MOST = 200;

/** One line of the audit trail: when, what, of whom, by whom and why. */
export function line(entry, open) {
  const { time, who, action, target, reason, ended } = entry;
  const said = element('div', 'trail-said', element('strong', '', words.action(action)));
  if (ended !== undefined && ended !== null) {
    said.append(` (${words.count(ended)})`);
  }
  if (reason) {
    said.append(': ', element('span', 'reason', who === null ? words.cause(reason) : `“${reason}”`));
  }
  const facts = element('div', 'trail-facts');
  if (target.user) {
    facts.append(fact('User', target.user));
  }
  if (target.link) {
    facts.append(open === undefined ? fact('Session', target.link) : sessionFact(target.link, open));
  }
  if (target.socket) {
    facts.append(fact('Socket', target.socket));
  }
  if (target.subscription) {
    facts.append(fact('Subscription', target.subscription));
  }
  facts.append(fact('By', who ?? 'the server'));
  const when = element('time', '', words.time(time));
  when.dateTime = time;
  const made = element('li', '', when, element('div', '', said, facts));
  made.dataset.action = action;
  made.dataset.key = [time, action, target.link, target.socket].join(' ');
  return made;
}

function fact(name, value) {
  const shown = element('span', '', value);
  shown.dir = 'auto';
  return element('span', 'fact', element('span', 'fact-name', name), ' ', shown);
}

function sessionFact(link, open) {
  const button = element('button', 'link', link);
  button.type = 'button';
  button.addEventListener('click', () => open(link));
  return element('span', 'fact', element('span', 'fact-name', 'Session'), ' ', button);
}

/** What has happened, the newest first: also of sessions that are over. */
export class Trail {

  #list = document.getElementById('trail-list');
  #empty = document.getElementById('trail-empty');
  #open;

  /** Takes what to do with the fingerprint of a session that is to open. */
  constructor(open) {
    this.#open = open;
  }

  show(entries, q) {
    this.#empty.hidden = entries.length > 0;
    write(this.#empty, q === '' ? words.NO_TRAIL : words.noTrail(q));
    patch(this.#list, entries.slice(0, MOST).map((entry) => line(entry, this.#open)));
  }

}
