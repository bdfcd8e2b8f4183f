const MOST = 200;

/** The list of greetings, the newest on top. */
export class Greetings {

  #list;
  #placeholder;

  /** Takes the list, and what to show as long as it is empty. */
  constructor(list, placeholder) {
    this.#list = list;
    this.#placeholder = placeholder;
  }

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
    this.#placeholder.hidden = true;
  }

}
