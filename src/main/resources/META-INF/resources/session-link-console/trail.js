import { element, patch, write } from './element.js';
import * as words from './words.js';

/** How many lines are shown at most. */
export const MOST = 200;

// What is asked for by the value of the choice: all where there is nothing.
const KINDS = {
  ends: 'end-socket,end-link,end-user,end-all,revoke,drain,undrain,link-ended,user-changed',
  closes: 'end-socket,end-link,end-user,end-all,revoke,drain,undrain,link-ended,user-changed,socket-closed',
  all: '',
};

/** One line of the audit trail: when, what, of whom, by whom and why. */
export function line(entry, open) {
  const { time, who, action, target, reason, ended, code } = entry;
  const by = who ?? undefined;
  const said = element('div', 'trail-said', element('strong', '', words.action(action)));
  if (ended !== undefined && ended !== null) {
    said.append(` (${words.count(ended)})`);
  }
  if (reason) {
    said.append(': ', element('span', 'reason', by === undefined ? words.cause(reason) : `“${reason}”`));
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
  if (target.destination || target.subscription) {
    facts.append(fact('Subscription', target.destination ?? target.subscription));
  }
  if (by !== undefined) {
    facts.append(fact('By', by));
  } else if (reason) {
    facts.append(fact('Code', [code, reason].filter(Boolean).join(' ')));
  }
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

  #kind = document.getElementById('trail-kind');

  /** Takes what to do with the fingerprint of a session that is to open, and when something else is looked for. */
  constructor(open, changed) {
    this.#open = open;
    this.#kind.addEventListener('change', changed);
  }

  /** What of all that has happened is looked for, as parts of a query. */
  get which() {
    return { limit: MOST, ...(KINDS[this.#kind.value] !== '' && { action: KINDS[this.#kind.value] }) };
  }

  show(entries, q) {
    this.#empty.hidden = entries.length > 0;
    write(this.#empty, q === '' ? words.NO_TRAIL : words.noTrail(q));
    patch(this.#list, entries.map((entry) => line(entry, this.#open)));
  }

}
