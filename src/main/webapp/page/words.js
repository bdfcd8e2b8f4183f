const WHY_WAITING = {
  restart: 'The server restarts.',
  closed: 'The server closed the connection.',
  lost: 'The server cannot be reached.',
  failed: 'The server cannot be reached, or refuses the connection.',
};

const WHY_ENDED = {
  'session-expired': 'The session has expired: it was not used for too long.',
  'session-ended': 'The session has ended: somebody logged out, here or in another tab.',
  'session-max-age': 'The session has ended: it reached the longest time that one may last.',
  'session-kicked': 'The session has ended: an operator closed it.',
  'session-user-changed': 'This connection has ended: the user of its session has changed.',
};

/** Says why the page is not connected, and when it tries again. */
export function waiting(why, delay) {
  return `${WHY_WAITING[why]} Trying again in ${Math.ceil(delay / 1_000)} s ...`;
}

/** Says that the session is about to end; the time of day stays right however long this is shown. */
export function expiring(seconds) {
  const end = new Date(Date.now() + seconds * 1_000).toLocaleTimeString();
  return `This session ends in ${seconds} s (at ${end}) unless you stay.`;
}

/** Returns whether nobody need read an error with this code, as waiting(why) or ended(reason) says it, or it passes. */
export function cover(code) {
  return ['server-restart', 'session-renewed'].includes(code) || Object.hasOwn(WHY_ENDED, code);
}

/** Says why the page does not connect again by itself, given the reason of the close frame. */
export function ended(reason) {
  const why = Object.hasOwn(WHY_ENDED, reason) ? WHY_ENDED[reason] : 'The server has ended this connection.';
  return `${why} Connect to start anew.`;
}
