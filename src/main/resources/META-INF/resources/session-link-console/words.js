const KILO = 1_000;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const numbers = new Intl.NumberFormat();
const small = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 });

export const LOGIN_FIRST = 'This page is for operators and observers.';
export const LOGIN_ELSEWHERE = 'Log in to the application, then load this page again.';
export const NO_ANSWER = 'The server did not answer: see whether it was done.';
export const NOT_LOGGED_OUT = 'You are still logged in: the server did not answer, or refuses. Try again.';
export const NOBODY = 'Anonymous';
export const LIVE = 'Live';
export const CONNECTING = 'Connecting ...';
export const NO_FEED = 'Not live: asks again and again';
export const THIS_IS_YOU = 'You';
export const NO_SESSIONS = 'There are no open sessions.';
export const NO_TRAIL = 'Nothing has been written down yet.';
export const COPIED = 'Copied.';
export const NOT_COPIED = 'Mark it, and copy it by hand.';
export const END_ALL_WORD = 'end all';

const WHY_WAITING = {
  restart: 'The server restarts',
  closed: 'The server closed the connection',
  lost: 'The server cannot be reached',
  unreachable: 'The server cannot be reached',
  refused: 'The server refuses the connection',
  offline: 'This browser is offline',
  hidden: 'This page is in the background',
};

/** What the codes say with which sessions and sockets end. */
const CAUSES = {
  'session-expired': 'expired, as it was not used for too long',
  'session-ended': 'by a logout, or by the application',
  'session-max-age': 'too old, as it has reached the longest time that one may last',
  'session-kicked': 'by hand, by an operator or by its user from another device',
  'session-replaced': 'replaced, as its user has logged in elsewhere and may have only so many',
  'session-user-changed': 'the user of the session has changed',
  'session-gone': 'gone, as the server does not know it any more',
  'server-restart': 'the server stops or restarts',
  'client-disconnected': 'its client said goodbye',
  'client-closed': 'its client closed it, as a browser does that leaves the page',
  'connection-lost': 'the connection was lost',
  'protocol-error': 'what came was no WebSocket frame, or too large',
  'server-error': 'the server failed, and its log says how',
  'application-closed': 'by the application',
};

const SHORT_CAUSES = {
  'session-expired': 'expired',
  'session-ended': 'logged out',
  'session-max-age': 'too old',
  'session-kicked': 'by hand',
  'session-replaced': 'replaced',
  'session-user-changed': 'user changed',
};

const ACTIONS = {
  END_SOCKET: 'Socket ended by hand',
  END_LINK: 'Session ended by hand',
  END_USER: 'All sessions of a user ended by hand',
  END_ALL: 'All sessions ended by hand',
  REVOKE: 'Subscription revoked',
  DRAIN: 'Server lets its clients go',
  UNDRAIN: 'Server takes clients again',
  LINK_ENDED: 'Session ended',
  USER_CHANGED: 'User changed',
  LINK_OPENED: 'Session opened',
  SOCKET_OPENED: 'Socket opened',
  SOCKET_CLOSED: 'Socket closed',
  SUBSCRIBED: 'Subscribed',
  REFUSED: 'Refused',
};

/** Says what has been done. */
export function action(name) {
  return ACTIONS[name] ?? name;
}

/** Says why something has ended; a code that is its own word stays. */
export function cause(code) {
  return Object.hasOwn(CAUSES, code) ? CAUSES[code] : code;
}

export function shortCause(code) {
  return SHORT_CAUSES[code] ?? code;
}

export function waiting(why, delay) {
  const next = delay === undefined ? '' : `, next try in ${Math.ceil(delay / 1_000)} s`;
  return `${WHY_WAITING[why] ?? why}${next}`;
}

/** Says why whoever looks has to log in again. */
export function ended(code) {
  return `Your own session is over: ${cause(code)}. Log in again.`;
}

export function noRole(principal) {
  return `You are logged in as ${principal}, who is neither operator nor observer. Log in as one of them.`;
}

/** Says whose something is, also where a name cannot be seen. */
export function person(name) {
  return name === null || name === undefined ? NOBODY : name.trim() === '' ? `“${name}”` : name;
}

export function count(number) {
  return numbers.format(number);
}

/** A rate per second. */
export function rate(number) {
  return number === undefined || number === null ? '–' : number >= 100 ? numbers.format(Math.round(number)) : small.format(number);
}

export function bytes(number) {
  if (number === undefined || number === null) {
    return '–';
  }
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let unit = 0;
  let left = number;
  while (left >= KILO && unit < units.length - 1) {
    left /= KILO;
    unit += 1;
  }
  return `${small.format(left)} ${units[unit]}`;
}

/** How long, in two parts at most. */
export function duration(seconds) {
  const left = Math.max(0, Math.round(seconds));
  if (left < MINUTE) {
    return `${left} s`;
  }
  if (left < HOUR) {
    return `${Math.floor(left / MINUTE)} min ${left % MINUTE} s`;
  }
  if (left < DAY) {
    return `${Math.floor(left / HOUR)} h ${Math.floor(left % HOUR / MINUTE)} min`;
  }
  return `${Math.floor(left / DAY)} d ${Math.floor(left % DAY / HOUR)} h`;
}

/** How long ago; without seconds after a minute, so that it does not flicker. */
export function ago(when, now) {
  if (when === undefined || when === null) {
    return '–';
  }
  const seconds = Math.max(0, (now - Date.parse(when)) / 1_000);
  if (seconds < 2) {
    return 'now';
  }
  if (seconds < MINUTE) {
    return `${Math.floor(seconds)} s ago`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)} min ago`;
  }
  return seconds < DAY ? `${Math.floor(seconds / HOUR)} h ago` : `${Math.floor(seconds / DAY)} d ago`;
}

/** A time of day to the second, and the day where it is not today. */
export function time(when) {
  if (when === undefined || when === null) {
    return '–';
  }
  const date = new Date(when);
  return date.toDateString() === new Date().toDateString() ? date.toLocaleTimeString() : date.toLocaleString();
}

/** Which of how many are shown. */
export function range(page, pageSize, shown, total, sortedBy) {
  if (total === 0) {
    return '';
  }
  const first = page * pageSize + 1;
  return shown === 0 ? `None of ${count(total)} on this page`
    : `${count(first)}–${count(first + shown - 1)} of ${count(total)}, by “${sortedBy}”`;
}

export function noMatch(q) {
  return `No open session has “${q}” in the name of its user, or at the start of its address or fingerprint. What is over is under “What happened”.`;
}

export function noTrail(q) {
  return `Nothing of this is written down of a user with “${q}” in the name, or a session whose fingerprint starts so.`;
}

export function silent(nodes) {
  return `Without an answer from ${nodes.join(', ')}: sessions there may be missing here.`;
}

/** Says by whom a session was ended, and why. */
export function endedBy(who, reason) {
  return `That was ${who}${reason ? `: “${reason}”` : ', who gave no reason'}.`;
}

export function figuresOf(node) {
  return `Figures of the node ${node}, to which this page is connected. Sessions are those of all nodes.`;
}

/** What was ended, by what the server says. */
export function done({ links, sockets, destination }) {
  if (destination !== undefined) {
    return `The subscription of ${destination} is revoked.`;
  }
  if (typeof links === 'number') {
    return links === 1 ? '1 session has ended.' : `${count(links)} sessions have ended.`;
  }
  if (links.length === 0) {
    return sockets.length === 1 ? 'The socket is closed.' : 'Nothing was open any more.';
  }
  const open = sockets.length === 0 ? 'no open socket' : sockets.length === 1 ? 'one socket' : `${sockets.length} sockets`;
  return `${links.length === 1 ? 'The session has' : `${links.length} sessions have`} ended, with ${open}.`;
}
