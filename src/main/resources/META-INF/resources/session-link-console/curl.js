/**
 * The command for a shell that ends what a URL names. Cookie and token are left to be filled in: what is
 * copied into a chat or a ticket must let nobody in.
 */
export function curl(url, header) {
  const token = header === undefined ? [] : [`-H "${header}: $TOKEN"`];
  return ['curl -X DELETE', '-b "$COOKIE"', ...token, quoted(url)].join(' \\\n  ');
}

// Nothing in single quotes means anything to a shell but their end.
function quoted(text) {
  return `'${text.replaceAll('\'', '\'\\\'\'')}'`;
}
