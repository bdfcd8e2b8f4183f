const WHY_WAITING = {
  restart: 'The server restarts.',
  closed: 'The server closed the connection.',
  lost: 'The server cannot be reached.',
  unreachable: 'The server cannot be reached.',
  refused: 'The server refuses the connection.',
  offline: 'This browser is offline.',
  hidden: 'This page is in the background.',
};

const WHY_ENDED = {
  'session-expired': 'The session has expired: it was not used for too long.',
  'session-ended': 'The session has ended: somebody logged out, here or in another tab.',
  'session-max-age': 'The session has ended: it reached the longest time that one may last.',
  'session-kicked': 'The session has ended: somebody ended it, you on another device or an operator.',
  'session-replaced': 'The session has ended: you have logged in elsewhere, and may have only so many at once.',
  'session-gone': 'The session is gone, and any login with it: the server no longer knows it.',
  'session-other': 'This browser is in another session now, so this page has left the one that it was in.',
  'session-user-changed': 'This connection has ended: the user of its session has changed.',
  'session-required': 'There is no session, and the server starts none for a connection: log in first, then connect.',
  'login-required': 'The server wants a login first: log in, then connect.',
};

const WANT_LOGIN = ['session-required', 'login-required'];

const MINUTE = 60;
const HOUR = 60 * MINUTE;

export const OTHER_SESSION = 'Nothing was done: this browser is in another session now, and not in the one shown here.';
export const NOT_CONNECTED = 'Not connected.';
export const CONNECTING = 'Connecting ...';
export const CONNECTED = 'Connected.';
export const NOT_SENT = 'There is no connection: the name was not sent.';
export const NOT_ENDED = 'The session was not ended';
export const NOT_RENEWED = 'The session has no new id';
export const NOT_LOGGED_OUT = 'You are not logged out';
// An answer may be lost where all was done.
export const NO_ANSWER = 'The server did not answer: see whether it was done.';
export const FOR_EVER = 'does not expire';
export const NO_SESSION = 'No session yet: Connect or a login starts one.';
export const GAP = 'Greetings were missed, and do not come any more.';
export const RENEWED = 'Renewed: the session has a new id.';
export const THIS_TAB = 'This tab';
export const THIS_SESSION = 'This session';
export const END = 'End';
export const LAST_KNOWN = 'As last known: there is no connection to the server now.';

/** Says why the page is not connected, and when it tries again: where there is no delay the browser says when. */
export function waiting(why, delay) {
  const next = delay === undefined ? 'Comes back by itself.' : `Trying again in ${Math.ceil(delay / 1_000)} s ...`;
  return `${WHY_WAITING[why]} ${next}`;
}

/** Says why the page does not connect again by itself. */
export function ended(cause) {
  return WANT_LOGIN.includes(cause) ? whyEnded(cause) : `${whyEnded(cause)} Connect to start anew.`;
}

/** Says why the session, or this connection, has ended. */
export function whyEnded(cause) {
  return Object.hasOwn(WHY_ENDED, cause) ? WHY_ENDED[cause] : `The server has ended this connection (${cause}).`;
}

/** Says that the session is about to end: the time of day stays right however long this is shown. */
export function expiring(deadline) {
  return `This session ends at ${time(deadline)} unless you stay.`;
}

/** Says how long it is until then. */
export function left(deadline) {
  const seconds = Math.max(Math.ceil((deadline - Date.now()) / 1_000), 0);
  if (seconds < MINUTE) {
    return `${seconds} s`;
  }
  if (seconds < HOUR) {
    return `${Math.floor(seconds / MINUTE)} min ${seconds % MINUTE} s`;
  }
  return `${Math.floor(seconds / HOUR)} h ${Math.floor(seconds % HOUR / MINUTE)} min`;
}

/** A time of day, and the day where it is not today. */
export function time(when) {
  const date = new Date(when);
  const today = date.toDateString() === new Date().toDateString();
  return today ? date.toLocaleTimeString() : date.toLocaleString();
}

/** Says who somebody is, or was as far as anybody knows: null is nobody, undefined unknown. */
export function who(principal, stale) {
  const verb = stale ? 'were' : 'are';
  if (principal === undefined) {
    return '';
  }
  return principal ? `You ${verb} logged in as ${principal}.` : `You ${verb} not logged in.`;
}

export function tooLong(length, longest) {
  return `The name has ${length} characters: send at most ${longest}.`;
}

export function status(failure, code) {
  return `${failure}: the server answered with status ${code}.`;
}

/** Says since when a connection is open, and whose it was when it was opened. */
export function socket(openedAt, connected, principal) {
  return `${connected ? 'Since' : 'Not yet connected, since'} ${time(openedAt)}, ${principal ?? 'anonymous'}`;
}

/** What the button does that ends one of somebody's sessions. */
export function endOf(browser, link, current) {
  return `End ${current ? 'this session' : `the session ${link}`}: ${browser}`;
}

/** What there is to say of one of somebody's sessions: pairs of a name and a value. */
export function facts({ createdAt, lastActivity, address, sockets, link }) {
  return [['Since', time(createdAt)], ['Last used', time(lastActivity)], ['Address', address ?? 'not known'],
    ['Connections', String(sockets)], ['Fingerprint', link]];
}

export function connecting(byItself) {
  return byItself ? 'Connecting again, by itself.' : 'Connecting, as you asked.';
}

export function connected(link) {
  return link === undefined ? 'Connected.' : `Connected under session ${link}.`;
}

export function closed(code, reason) {
  return reason === '' ? `Closed with ${code}.` : `Closed with ${code}, ${reason}.`;
}

export function warned(deadline) {
  return `Warned: the session ends at ${time(deadline)} unless somebody is active.`;
}

export function lasts(deadline) {
  return deadline === null ? 'The session does not expire.' : `The session lasts until ${time(deadline)} at least.`;
}

export function refused(code, sentence) {
  return `Refused with ${code}: ${sentence}`;
}

export function revoked(destination, reason) {
  return `The subscription of ${destination} was taken back: ${reason}.`;
}

/** Says that what was sent while there was no connection has come. */
export function recovered(count) {
  return count === 1 ? 'The greeting that was missed has come.' : `The ${count} greetings that were missed have come.`;
}

export function broker(away) {
  return away ? 'The message broker is away: greetings reach nobody for now.' : 'The message broker is back.';
}

export function frame(out, command, destination, length) {
  const size = length > 0 ? `${length} B` : undefined;
  return [out ? 'Sent' : 'Received', command, destination, size].filter(Boolean).join(' ');
}

export function requested(method, path, code) {
  return `${method} ${path}: ${code || 'no answer'}`;
}
