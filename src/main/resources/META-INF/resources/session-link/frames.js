const DIRECTIONS = { '>>> ': true, '<<< ': false };

/**
 * Reads a line that stompjs writes for debugging, and returns {out, command, headers, length} of the
 * frame that it is about; undefined of all else, heart-beats included.
 */
export function frameOf(line) {
  const out = DIRECTIONS[line.slice(0, 4)];
  const [command, ...lines] = line.slice(4).split('\n');
  if (out === undefined || lines.length === 0) {
    return undefined;
  }
  const headers = {};
  for (const header of lines.filter((text) => text.includes(':'))) {
    const at = header.indexOf(':');
    headers[header.slice(0, at)] = header.slice(at + 1);
  }
  return { out, command, headers, length: Number(headers['content-length'] ?? 0) };
}
