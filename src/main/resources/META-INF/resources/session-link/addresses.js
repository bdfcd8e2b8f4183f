/** Returns where the endpoint and the session API are, given what the page says, relative to its base. */
export function addresses(url, session) {
  const base = globalThis.document?.baseURI;
  const endpoint = new URL(url, base);
  const beside = new URL('session', withProtocol(endpoint, /^ws/, 'http'));
  return {
    url: withProtocol(endpoint, /^http/, 'ws').href,
    session: session === undefined ? beside : new URL(session, base),
  };
}

function withProtocol(url, from, to) {
  const other = new URL(url);
  other.protocol = url.protocol.replace(from, to);
  return other;
}
