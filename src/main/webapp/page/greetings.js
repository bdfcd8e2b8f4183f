const MOST = 200;

/** The list of greetings, the newest on top. */
export class Greetings {

  #list = document.getElementById('greetings');
  #none = document.getElementById('no-greetings');
  #scroll = this.#list.parentElement;

  add(name) {
    const text = document.createElement('span');
    text.dir = 'auto';
    text.textContent = name;
    const item = document.createElement('li');
    item.className = 'list-group-item';
    item.dataset.time = new Date().toLocaleTimeString();
    item.append(text);
    this.#list.prepend(item);
    if (this.#list.childElementCount > MOST) {
      this.#list.lastElementChild.remove();
    }
    this.#none.hidden = true;
    this.#scroll.tabIndex = 0;
  }

  /** They go with the session under which they came. */
  clear() {
    this.#list.replaceChildren();
    this.#none.hidden = false;
    this.#scroll.removeAttribute('tabindex');
  }

}
