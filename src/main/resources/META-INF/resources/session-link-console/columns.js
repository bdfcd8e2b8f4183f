import { element } from './element.js';
import * as words from './words.js';

const KEPT = 'sessionlink-console-columns';

/** All columns but the first: which field a column shows and sorts by, and how it is written. */
const ALL = [
  { field: 'remoteAddress', name: 'Address', text: (row) => row.remoteAddress ?? '–' },
  { field: 'browser', name: 'Browser', unsorted: true, text: (row) => row.browser ?? '–' },
  { field: 'createdAt', name: 'Opened', text: (row, now) => words.ago(row.createdAt, now), title: (row) => words.time(row.createdAt) },
  { field: 'lastRequest', name: 'Last HTTP', text: (row, now) => words.ago(row.lastRequest, now), title: (row) => words.time(row.lastRequest) },
  { field: 'lastFrame', name: 'Last frame', text: (row, now) => words.ago(row.lastFrame, now), title: (row) => words.time(row.lastFrame) },
  { field: 'lastActivity', name: 'Last active', text: (row, now) => words.ago(row.lastActivity, now), title: (row) => words.time(row.lastActivity) },
  { field: 'remainingSeconds', name: 'Idle left', text: (row, now) => row.endsAt === undefined ? '∞' : words.duration((row.endsAt - now) / 1_000) },
  { field: 'sockets', name: 'Sockets', number: true, text: (row) => words.count(row.sockets) },
  { field: 'subscriptions', name: 'Subscr.', number: true, text: (row) => words.count(row.subscriptions) },
  { field: 'framesIn', name: 'Frames in', number: true, text: (row) => words.count(row.framesIn ?? 0) },
  { field: 'framesOut', name: 'Frames out', number: true, text: (row) => words.count(row.framesOut ?? 0) },
  { field: 'bytesIn', name: 'Bytes in', number: true, text: (row) => words.bytes(row.bytesIn) },
  { field: 'bytesOut', name: 'Bytes out', number: true, text: (row) => words.bytes(row.bytesOut) },
  { field: 'roles', name: 'Roles', unsorted: true, text: (row) => row.roles.join(', ') || '–' },
  { field: 'node', name: 'Node', text: (row) => row.node ?? '–' },
];

const FIRST = ['remoteAddress', 'browser', 'createdAt', 'lastRequest', 'lastFrame', 'remainingSeconds', 'sockets',
  'subscriptions', 'framesIn', 'framesOut'];

/** Which columns are shown: what somebody has chosen is remembered in this browser. */
export class Columns {

  #menu = document.getElementById('columns');
  #list = document.getElementById('column-list');
  #chosen = new Set(Columns.#kept());
  #changed;

  /** Takes what to do whenever others are shown. */
  constructor(changed) {
    this.#changed = changed;
    this.#list.replaceChildren(...ALL.map((column) => this.#choice(column)));
    document.addEventListener('click', ({ target }) => {
      if (!this.#menu.contains(target)) {
        this.#menu.open = false;
      }
    });
    this.#menu.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#menu.open) {
        this.#menu.open = false;
        this.#menu.querySelector('summary').focus();
      }
    });
  }

  /** Those that are shown, from left to right. */
  get shown() {
    return ALL.filter(({ field }) => this.#chosen.has(field));
  }

  /** Those that can be sorted by. */
  static get sorted() {
    return ALL.filter(({ unsorted }) => !unsorted);
  }

  #choice({ field, name }) {
    const box = element('input');
    box.type = 'checkbox';
    box.id = `column-${field}`;
    box.checked = this.#chosen.has(field);
    box.addEventListener('change', () => this.#choose(field, box.checked));
    return element('label', 'choice', box, name);
  }

  #choose(field, shown) {
    if (shown) {
      this.#chosen.add(field);
    } else {
      this.#chosen.delete(field);
    }
    try {
      localStorage.setItem(KEPT, JSON.stringify([...this.#chosen]));
    } catch {
      // A browser may keep nothing: then the choice lasts as long as the page.
    }
    this.#changed();
  }

  static #kept() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEPT));
      return Array.isArray(kept) ? kept : FIRST;
    } catch {
      return FIRST;
    }
  }

}
