const SECONDS = 300;

/** What the figures of the last minutes were, and how fast those that only grow have grown. */
export class Rates {

  #last;
  #lastAt;

  /** One list for each: times in seconds, and the values. */
  times = [];
  series = new Map();

  /** Takes the figures of now: numbers, and numbers by their names. Returns the latest of each series. */
  add(figures, gauges, counters, now = Date.now()) {
    const latest = new Map();
    gauges.forEach((name) => latest.set(name, figures[name] ?? 0));
    if (this.#last !== undefined) {
      const seconds = Math.max((now - this.#lastAt) / 1_000, 0.001);
      counters.forEach((name) => Rates.#grown(figures[name], this.#last[name]).forEach(([part, more]) => {
        latest.set(part === undefined ? name : `${name}.${part}`, more / seconds);
      }));
    }
    this.#last = figures;
    this.#lastAt = now;
    this.#keep(latest, now / 1_000);
    return latest;
  }

  /** Of a pause nothing is known: what has grown meanwhile is no peak. */
  interrupt() {
    this.#last = undefined;
  }

  #keep(latest, time) {
    this.times.push(time);
    for (const name of new Set([...latest.keys(), ...this.series.keys()])) {
      if (!this.series.has(name)) {
        this.series.set(name, Array(this.times.length - 1).fill(null));
      }
      this.series.get(name).push(latest.get(name) ?? null);
    }
    while (this.times[0] < time - SECONDS) {
      this.times.shift();
      this.series.forEach((values) => values.shift());
    }
  }

  // What is less than before has begun anew, as where a server has started.
  static #grown(now, before) {
    if (typeof now === 'object' && now !== null) {
      return Object.entries(now).map(([part, count]) => [part, Math.max(0, count - (before?.[part] ?? 0))]);
    }
    return [[undefined, Math.max(0, (now ?? 0) - (before ?? 0))]];
  }

}
