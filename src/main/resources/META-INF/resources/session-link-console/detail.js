import { button, element, patch, write } from './element.js';
import { line, MOST } from './trail.js';
import * as words from './words.js';

const PAUSE = 2_000;

/** One session, as long as it is looked at: its sockets, their subscriptions, and what happened to it. */
export class Detail {

  #dialog = document.getElementById('detail');
  #heading = document.getElementById('detail-heading');
  #body = document.getElementById('detail-body');
  #api;
  #ending;
  #done;
  #link;
  #timer;
  #isShown = false;
  #last;
  mayChange = false;

  /** Takes what to do with the server's answer once something has ended. */
  constructor(api, ending, done) {
    this.#api = api;
    this.#ending = ending;
    this.#done = (answer) => {
      done(answer);
      this.#look();
    };
    document.getElementById('detail-close').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('click', ({ target }) => {
      if (target === this.#dialog) {
        this.#dialog.close();
      }
    });
    this.#dialog.addEventListener('close', () => this.#stop());
  }

  open(link) {
    this.#stop();
    this.#link = link;
    write(this.#heading, 'Session');
    this.#body.replaceChildren(element('p', 'text-body-secondary', 'Loading ...'));
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    this.#heading.focus();
    this.#look();
  }

  close() {
    this.#dialog.close();
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#link = this.#last = undefined;
    this.#isShown = false;
  }

  async #look() {
    clearTimeout(this.#timer);
    const link = this.#link;
    if (link === undefined) {
      return;
    }
    if (document.visibilityState === 'visible') {
      try {
        const [details, trail] = await Promise.all([this.#details(link), this.#api.get(`audit?${new URLSearchParams({ link, limit: MOST })}`)]);
        if (link === this.#link) {
          this.#show(details, trail);
        }
      } catch (error) {
        this.#say(link, error.status === undefined ? words.NO_ANSWER : error.message);
      }
    }
    if (link === this.#link) {
      this.#timer = setTimeout(() => this.#look(), PAUSE);
    }
  }

  async #details(link) {
    try {
      return await this.#api.get(`links/${encodeURIComponent(link)}`);
    } catch (error) {
      if (error.status === 404 || error.status === 409) {
        return { problem: error.message, isOver: error.status === 404 };
      }
      throw error;
    }
  }

  #say(link, sentence) {
    if (link === this.#link && !this.#isShown) {
      this.#body.replaceChildren(element('p', 'alert alert-warning', sentence));
    }
  }

  #show(details, trail) {
    this.#isShown = true;
    this.#last = details.summary ?? this.#last;
    write(this.#heading, this.#last === undefined ? `Session ${this.#link}` : words.person(this.#last.principal));
    patch(this.#body, [
      details.isOver ? Detail.#over(trail) : details.problem && element('p', 'alert alert-warning', details.problem),
      this.#last && this.#facts(this.#last),
      details.summary && this.mayChange && this.#buttons(details.summary),
      details.sockets && this.#sockets(details.sockets),
      Detail.#trail(trail),
    ].filter(Boolean));
  }

  static #over(trail) {
    const end = trail.find(({ action }) => action === 'LINK_ENDED');
    const by = trail.find(({ action }) => ['END_LINK', 'END_USER', 'END_ALL'].includes(action));
    const said = ['This session is over.'];
    if (end !== undefined) {
      said.push(`It ended at ${words.time(end.time)}: ${words.cause(end.reason)}.`);
    }
    if (end?.reason === 'session-kicked' && by !== undefined) {
      said.push(words.endedBy(by.who, by.reason));
    }
    return element('p', 'alert alert-secondary m-0', said.join(' '));
  }

  #facts(row) {
    const facts = [
      ['Fingerprint', row.link], ['Roles', row.roles.join(', ')], ['Address', row.remoteAddress], ['Browser', row.browser],
      ['Opened', words.time(row.createdAt)], ['Last active', words.time(row.lastActivity)],
      ['Last HTTP', row.lastRequest && words.time(row.lastRequest)], ['Last frame', row.lastFrame && words.time(row.lastFrame)],
      ['Traffic in', Detail.#traffic(row.framesIn, row.bytesIn)], ['Traffic out', Detail.#traffic(row.framesOut, row.bytesOut)],
      ['Node', row.node],
    ];
    return Detail.#list(facts);
  }

  static #traffic(frames, bytes) {
    return frames === undefined ? undefined : `${words.count(frames)} frames, ${words.bytes(bytes)}`;
  }

  static #list(facts) {
    return element('dl', 'facts', ...facts.filter(([, value]) => value).map(([name, value]) => {
      const shown = element('dd', name === 'Fingerprint' ? 'font-monospace' : '', value);
      shown.dir = 'auto';
      return element('div', '', element('dt', '', name), shown);
    }));
  }

  #buttons({ link, principal }) {
    const who = principal === null || principal === undefined ? 'an anonymous visitor' : words.person(principal);
    const buttons = element('div', 'actions', this.#button('end-link', 'End session ...', {
      path: `links/${encodeURIComponent(link)}`, heading: 'End this session?',
      note: `It is that of ${who}. All its sockets close, and whoever was logged in logs in anew.`, go: 'End session',
    }));
    if (principal !== null && principal !== undefined) {
      buttons.append(this.#button(`end-user-${principal}`, `End all of ${who} ...`, {
        path: 'user-links', query: { user: principal }, heading: `End all sessions of ${who}?`,
        note: 'Wherever they are logged in, they log in anew.', go: 'End all of this user',
      }));
    }
    return buttons;
  }

  #button(key, text, asked, label) {
    const made = button('btn-sm btn-outline-danger', text, label, () => this.#ending.ask({
      help: 'It is written down under “What happened”.', ...asked, done: this.#done,
    }));
    // All of it, as what is asked must be what is shown by then.
    made.dataset.key = [key, asked.heading, asked.note, label].join('\n');
    return made;
  }

  #sockets(sockets) {
    const section = element('section', '', element('h3', 'fs-6', `Sockets (${sockets.length})`));
    if (sockets.length === 0) {
      section.append(element('p', 'text-body-secondary', 'None is open now.'));
    }
    section.append(...sockets.map((socket) => this.#socket(socket)));
    return section;
  }

  #socket(socket) {
    const head = element('div', 'socket-head', element('span', 'font-monospace', socket.socket));
    if (this.mayChange) {
      head.append(this.#button(`socket-${socket.socket}`, 'End ...', {
        path: `sockets/${encodeURIComponent(socket.socket)}`, heading: 'End this socket?',
        note: 'One tab loses its connection; the session stays, and so do its other tabs.', go: 'End socket',
      }, `End socket ${socket.socket}`));
    }
    const facts = Detail.#list([
      ['State', socket.connected ? '' : 'Has not sent CONNECT yet'], ['User', socket.principal],
      ['Since', socket.openedAt && words.time(socket.openedAt)], ['Last frame', socket.lastFrame && words.time(socket.lastFrame)],
      ['In', Detail.#traffic(socket.framesIn, socket.bytesIn)], ['Out', Detail.#traffic(socket.framesOut, socket.bytesOut)],
      ['Waiting', socket.waitingBytes > 0 ? words.bytes(socket.waitingBytes) : ''], ['Address', socket.remoteAddress],
      ['Browser', socket.browser], ['Node', socket.node],
    ]);
    if (socket.userAgent) {
      facts.title = socket.userAgent;
    }
    const subscriptions = element('ul', 'subscriptions', ...socket.subscriptions.map((one) => this.#subscription(socket.socket, one)));
    const made = element('div', 'socket card', head, facts,
      socket.subscriptions.length > 0 ? subscriptions : element('p', 'm-0 text-body-secondary', 'No subscriptions.'));
    made.dataset.key = socket.socket;
    return made;
  }

  #subscription(socket, { id, destination }) {
    const made = element('li', '', element('span', 'destination', destination));
    if (this.mayChange) {
      made.append(this.#button(`subscription-${socket}-${id}`, 'Revoke ...', {
        path: 'subscriptions', query: { socket, id }, heading: `Revoke the subscription of ${destination}?`,
        note: 'The socket stays, and its other subscriptions too. The client is told the reason.', go: 'Revoke', help: '',
      }, `Revoke ${destination}`));
    }
    return made;
  }

  static #trail(trail) {
    const section = element('section', '', element('h3', 'fs-6', 'What happened'));
    section.append(trail.length === 0 ? element('p', 'text-body-secondary', 'Nothing is written down of this session.')
      : element('ol', 'trail', ...trail.map((entry) => line(entry))));
    return section;
  }

}
