const MOST_OF_A_KIND = 50;

/**
 * What has happened, in words, the newest on top. Each kind has places of its own, so that many
 * frames do not push out why a connection was closed.
 */
export class Timeline {

  #list = document.getElementById('timeline');
  #none = document.getElementById('no-timeline');
  #filters = document.getElementById('timeline-filters');

  start() {
    this.#filters.addEventListener('change', () => this.#filter());
    this.#filter();
  }

  /** The kind is connection, session, frames or requests. */
  add(kind, sentence) {
    const item = document.createElement('li');
    item.dataset.kind = kind;
    const time = document.createElement('time');
    time.dateTime = new Date().toISOString();
    time.textContent = new Date().toLocaleTimeString();
    const text = document.createElement('span');
    text.dir = 'auto';
    text.textContent = sentence;
    item.append(time, text);
    this.#list.prepend(item);
    const same = this.#of(kind);
    if (same.length > MOST_OF_A_KIND) {
      same.at(-1).remove();
    }
    this.#none.hidden = true;
    this.#list.parentElement.tabIndex = 0;
  }

  /** With the session goes all that was under it: only how connections came and went stays. */
  forget() {
    for (const kind of ['session', 'frames', 'requests']) {
      this.#of(kind).forEach((item) => item.remove());
    }
  }

  #of(kind) {
    return [...this.#list.querySelectorAll(`[data-kind=${kind}]`)];
  }

  #filter() {
    const shown = [...this.#filters.querySelectorAll('input:checked')].map(({ value }) => value);
    this.#list.dataset.show = shown.join(' ');
  }

}
