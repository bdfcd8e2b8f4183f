import uPlot from '../lib/uplot/uPlot.esm.js';
import { element, write } from './element.js';
import { Rates } from './rates.js';
import * as words from './words.js';

const HEIGHT = 56;
const LINES = 30;
const GAUGES = ['links', 'sockets'];
const COUNTERS = ['messages', 'refusals', 'ends'];

const CARDS = [
  { name: 'Sessions', text: (latest) => words.count(latest.get('links')), series: () => ['links'], tone: '--bs-primary' },
  { name: 'Sockets', text: (latest) => words.count(latest.get('sockets')), series: () => ['sockets'], tone: '--bs-teal' },
  { name: 'Messages', unit: '/s', text: (latest) => words.rate(latest.get('messages')), series: () => ['messages'], tone: '--bs-purple' },
  { name: 'Refusals', unit: '/s', text: (latest) => words.rate(latest.get('refusals')), series: () => ['refusals'], tone: '--bs-orange' },
  { name: 'Ends', unit: 'since the start', ends: true, tone: '--bs-danger' },
];

const TONES = ['--bs-danger', '--bs-primary', '--bs-teal', '--bs-orange', '--bs-purple', '--bs-secondary'];

/** The figures of now, and small charts of the last minutes; each chart is in numbers beside it as well. */
export class Charts {

  #rates = new Rates();
  #cards;
  #head = document.getElementById('figures-head');
  #body = document.getElementById('figures-body');
  #node = document.getElementById('figures-node');
  #table = this.#body.closest('details');

  constructor() {
    this.#cards = CARDS.map((card) => new Card(card));
    document.getElementById('figures').replaceChildren(...this.#cards.map(({ shown }) => shown));
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#cards.forEach((card) => card.redraw()));
    this.#table.addEventListener('toggle', () => this.#fill());
  }

  /** Takes the figures of now. */
  show(figures) {
    const latest = this.#rates.add(figures, GAUGES, COUNTERS);
    this.#cards.forEach((card) => card.show(latest, figures, this.#rates));
    this.#node.hidden = figures.node === undefined;
    write(this.#node, figures.node === undefined ? '' : words.figuresOf(figures.node));
    this.#fill();
  }

  /** Of a pause nothing is known. */
  interrupt() {
    this.#rates.interrupt();
  }

  // Not while nobody sees it.
  #fill() {
    if (!this.#table.open) {
      return;
    }
    const { times, series } = this.#rates;
    const names = [...series.keys()].filter((name) => !name.startsWith('ends.') || series.get(name).some((value) => value > 0));
    this.#head.replaceChildren(Charts.#line('th', ['Time', ...names.map(Charts.#heading)]));
    const from = Math.max(0, times.length - LINES);
    this.#body.replaceChildren(...times.slice(from).map((time, place) => Charts.#line('td', [
      new Date(time * 1_000).toLocaleTimeString(),
      ...names.map((name) => Charts.#value(name, series.get(name)[from + place])),
    ])).reverse());
  }

  static #heading(name) {
    const names = { links: 'Sessions', sockets: 'Sockets', messages: 'Messages/s', refusals: 'Refusals/s' };
    return names[name] ?? `Ended/s, ${words.shortCause(name.replace('ends.', ''))}`;
  }

  static #value(name, value) {
    return value === null ? '–' : GAUGES.includes(name) ? words.count(value) : words.rate(value);
  }

  static #line(cell, texts) {
    return element('tr', '', ...texts.map((text) => {
      const made = element(cell, '', text);
      if (cell === 'th') {
        made.scope = 'col';
      }
      return made;
    }));
  }

}

/** One figure with its chart. */
class Card {

  #card;
  #value = element('strong', 'value', '–');
  #note = element('p', 'note m-0');
  #canvas = element('div', 'chart');
  #plot;
  #names = [];
  #rates;

  constructor(card) {
    this.#card = card;
    this.#canvas.setAttribute('aria-hidden', 'true');
    const unit = element('span', 'unit', card.unit ?? '');
    this.shown = element('div', 'figure card', element('p', 'm-0', element('span', 'name', card.name), ' ', this.#value, ' ', unit),
      this.#canvas, this.#note);
    this.shown.style.setProperty('--tone', `var(${card.tone})`);
    new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.#canvas);
  }

  show(latest, figures, rates) {
    this.#rates = rates;
    if (this.#card.ends) {
      const ends = Object.entries(figures.ends ?? {}).filter(([, count]) => count > 0).sort((a, b) => b[1] - a[1]);
      write(this.#value, words.count(ends.reduce((sum, [, count]) => sum + count, 0)));
      write(this.#note, ends.map(([cause, count]) => `${words.shortCause(cause)} ${words.count(count)}`).join(' · '));
      this.#draw(ends.map(([cause]) => `ends.${cause}`).filter((name) => rates.series.has(name)));
    } else {
      write(this.#value, this.#card.text(latest));
      this.#draw(this.#card.series().filter((name) => rates.series.has(name)));
    }
  }

  /** In other colours. */
  redraw() {
    if (this.#plot !== undefined) {
      this.#plot.destroy();
      this.#plot = undefined;
      this.#draw(this.#names);
    }
  }

  #draw(names) {
    if (names.length === 0) {
      return;
    }
    const data = [this.#rates.times, ...names.map((name) => this.#rates.series.get(name))];
    if (this.#plot === undefined || names.join() !== this.#names.join()) {
      this.#plot?.destroy();
      this.#names = names;
      this.#plot = new uPlot(this.#options(names), data, this.#canvas);
    } else {
      this.#plot.setData(data);
    }
  }

  #size() {
    return { width: Math.max(60, this.#canvas.clientWidth), height: this.#canvas.clientHeight || HEIGHT };
  }

  #options(names) {
    const style = getComputedStyle(document.documentElement);
    const colour = (tone) => style.getPropertyValue(tone).trim();
    return {
      ...this.#size(),
      legend: { show: false },
      cursor: { show: false },
      select: { show: false },
      axes: [{ show: false }, { show: false }],
      padding: [4, 0, 2, 0],
      scales: { y: { range: (plot, low, high) => [0, Math.max(1, high * 1.1)] } },
      series: [{}, ...names.map((name, place) => {
        const stroke = colour(names.length > 1 ? TONES[place % TONES.length] : this.#card.tone);
        return { stroke, width: 1.5, points: { show: false }, fill: names.length > 1 ? undefined : `${stroke}22` };
      })],
    };
  }

}
