import * as words from './words.js';

/** The connections of this session, one a line, that of this tab marked. */
export class Sockets {

  #list = document.getElementById('sockets');

  /** Takes what the server says of them, and the server's name for this tab's own. */
  show(sockets, own) {
    this.#list.closest('div').hidden = sockets.length === 0;
    this.#list.replaceChildren(...sockets.map((socket) => Sockets.#line(socket, socket.socket === own)));
  }

  static #line({ openedAt, connected, principal }, own) {
    const line = document.createElement('li');
    line.textContent = words.socket(openedAt, connected, principal);
    if (own) {
      const mark = document.createElement('span');
      mark.className = 'badge text-bg-primary ms-2';
      mark.textContent = words.THIS_TAB;
      line.append(mark);
    }
    return line;
  }

}
