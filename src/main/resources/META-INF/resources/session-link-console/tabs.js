/** Two things to look at, one at a time: chosen by pointer, or by the arrow keys. */
export class Tabs {

  #tabs = ['tab-sessions', 'tab-trail'].map((id) => document.getElementById(id));
  #changed;

  /** Takes what to do whenever it is the other. */
  constructor(changed) {
    this.#changed = changed;
    this.#tabs.forEach((tab) => {
      tab.addEventListener('click', () => this.#choose(tab));
      tab.addEventListener('keydown', ({ key }) => {
        if (key === 'ArrowLeft' || key === 'ArrowRight') {
          const other = this.#tabs.find((candidate) => candidate !== tab);
          this.#choose(other);
          other.focus();
        }
      });
    });
  }

  /** Whether what has happened is looked at. */
  get isTrail() {
    return this.#tabs[1].getAttribute('aria-selected') === 'true';
  }

  #choose(chosen) {
    this.#tabs.forEach((tab) => {
      tab.setAttribute('aria-selected', String(tab === chosen));
      tab.tabIndex = tab === chosen ? 0 : -1;
      document.getElementById(tab.getAttribute('aria-controls')).hidden = tab !== chosen;
    });
    document.getElementById('columns').hidden = this.isTrail;
    document.getElementById('trail-kinds').hidden = !this.isTrail;
    this.#changed();
  }

}
