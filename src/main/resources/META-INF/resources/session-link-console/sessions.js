import { Columns } from './columns.js';
import { element, write } from './element.js';
import * as words from './words.js';

const PRINCIPAL = { field: 'principal', name: 'User' };
// What grows or is later comes first; of all else the smallest.
const ASCENDING = ['principal', 'remoteAddress', 'browser', 'node', 'remainingSeconds'];

const PAGE_SIZE = 50;

/** The table of open sessions: a page of them, as the server has them sorted. */
export class Sessions {

  #head = document.getElementById('head');
  #body = document.getElementById('rows');
  #empty = document.getElementById('empty');
  #range = document.getElementById('range');
  #total = document.getElementById('total');
  #previous = document.getElementById('previous');
  #next = document.getElementById('next');
  #sortBy = document.getElementById('sort-by');
  #rows = new Map();
  #order = [];
  #lines = new Map();
  #columns = new Columns(() => this.#build());
  #view;
  #open;
  #own;
  #skew = 0;

  /** Takes the view, and what to do with the fingerprint of a row that is to open. */
  constructor(view, open) {
    this.#view = view;
    this.#open = open;
    this.#previous.addEventListener('click', () => this.#turn(-1));
    this.#next.addEventListener('click', () => this.#turn(1));
    this.#sortBy.append(...[PRINCIPAL, ...Columns.sorted].map(({ field, name }) => new Option(name, field)));
    this.#sortBy.addEventListener('change', () => this.#sort(this.#sortBy.value, Sessions.#first(this.#sortBy.value)));
    this.#build();
  }

  /** Takes which session is that of whoever looks, where that is known. */
  own(link) {
    this.#own = link;
  }

  /** Takes how far the server's clock is ahead, in milliseconds. */
  skew(millis) {
    this.#skew = millis;
  }

  /** Takes a whole page. */
  show({ links, page, pageSize, total }) {
    this.#rows.clear();
    this.#update(links, links.map(({ link }) => link), page, pageSize, total);
  }

  /** Takes what has changed of the page; returns whether all the rest of it is here. */
  change({ rows, order, page, total }) {
    if (page !== this.#view.page) {
      return true;
    }
    this.#update(rows, order, page, PAGE_SIZE, total);
    return this.#order.length === order.length;
  }

  /** Writes anew what depends on the time of day. */
  tick() {
    if (this.#body.checkVisibility()) {
      this.#paint();
    }
  }

  #update(changed, order, page, pageSize, total) {
    changed.forEach((row) => this.#rows.set(row.link, Sessions.#received(row)));
    this.#order = order.filter((link) => this.#rows.has(link));
    for (const link of this.#rows.keys()) {
      if (!order.includes(link)) {
        this.#rows.delete(link);
      }
    }
    write(this.#total, words.count(total));
    write(this.#range, words.range(page, pageSize, order.length, total, this.#sortedBy));
    this.#previous.disabled = page === 0;
    this.#next.disabled = (page + 1) * pageSize >= total;
    this.#empty.hidden = total > 0;
    write(this.#empty, this.#view.q === '' ? words.NO_SESSIONS : words.noMatch(this.#view.q));
    this.#place();
    this.#paint();
    // What was on the pages behind has ended meanwhile, or never was.
    const last = Math.max(0, Math.ceil(total / pageSize) - 1);
    if (page > last) {
      this.#view.change({ page: last });
    }
  }

  // What counts down by itself is not told again and again.
  static #received(row) {
    return row.remainingSeconds === null || row.remainingSeconds === undefined ? row
      : { ...row, endsAt: Date.now() + row.remainingSeconds * 1_000 };
  }

  get #sortedBy() {
    return [PRINCIPAL, ...Columns.sorted].find(({ field }) => field === this.#view.sort)?.name;
  }

  #build() {
    this.#head.replaceChildren(...[PRINCIPAL, ...this.#columns.shown].map((column) => this.#heading(column)));
    this.#lines.clear();
    this.#body.replaceChildren();
    this.#place();
    this.#paint();
  }

  #heading({ field, name, number, unsorted }) {
    const heading = element('th', number ? 'number' : '');
    heading.scope = 'col';
    heading.setAttribute('role', 'columnheader');
    heading.dataset.field = field;
    if (unsorted) {
      heading.textContent = name;
    } else {
      const sort = element('button', 'sort', name);
      sort.type = 'button';
      sort.addEventListener('click', () => this.#sort(field, this.#view.sort === field ? Sessions.#other(this.#view.dir) : Sessions.#first(field)));
      heading.append(sort);
    }
    return heading;
  }

  static #first(field) {
    return ASCENDING.includes(field) ? 'asc' : 'desc';
  }

  static #other(dir) {
    return dir === 'asc' ? 'desc' : 'asc';
  }

  #sort(sort, dir) {
    this.#view.change({ sort, dir });
    this.#paint();
  }

  #turn(by) {
    this.#view.change({ page: Math.max(0, this.#view.page + by) });
  }

  // Lines that stay are not taken out, which would take the focus along.
  #place() {
    for (const [link, line] of this.#lines) {
      if (!this.#rows.has(link)) {
        line.remove();
        this.#lines.delete(link);
      }
    }
    this.#order.forEach((link, place) => {
      let line = this.#lines.get(link);
      if (line === undefined) {
        line = this.#line(link);
        this.#lines.set(link, line);
      }
      if (this.#body.children[place] !== line) {
        this.#body.insertBefore(line, this.#body.children[place] ?? null);
      }
    });
  }

  #line(link) {
    const line = element('tr');
    line.setAttribute('role', 'row');
    line.dataset.link = link;
    const open = element('button', 'open');
    open.type = 'button';
    open.dir = 'auto';
    const first = element('th', 'first', open, element('span', 'fingerprint', link));
    first.scope = 'row';
    first.setAttribute('role', 'rowheader');
    line.append(first, ...this.#columns.shown.map(({ name, number }) => {
      const cell = element('td', number ? 'number' : '');
      cell.setAttribute('role', 'cell');
      cell.dataset.label = name;
      return cell;
    }));
    line.addEventListener('click', () => {
      if (getSelection().isCollapsed) {
        this.#open(link);
      }
    });
    return line;
  }

  #paint() {
    const now = Date.now();
    const serverNow = now + this.#skew;
    const columns = this.#columns.shown;
    for (const [link, line] of this.#lines) {
      const row = this.#rows.get(link);
      const [first, ...cells] = line.children;
      write(first.firstChild, words.person(row.principal));
      first.firstChild.classList.toggle('anonymous', (row.principal ?? null) === null);
      line.classList.toggle('own', link === this.#own);
      columns.forEach(({ field, text, title }, place) => {
        write(cells[place], text(row, field === 'remainingSeconds' ? now : serverNow));
        if (title && cells[place].title !== title(row)) {
          cells[place].title = title(row);
        }
      });
    }
    for (const heading of this.#head.children) {
      const sorted = heading.dataset.field === this.#view.sort;
      heading.setAttribute('aria-sort', sorted ? { asc: 'ascending', desc: 'descending' }[this.#view.dir] : 'none');
    }
    this.#sortBy.value = this.#view.sort;
  }

}
