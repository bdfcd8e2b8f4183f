import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';

const { View } = await import(`${process.env.CONSOLE}/view.js`);

let follow;
let changes;

beforeEach(() => {
  changes = [];
  globalThis.location = { hash: '' };
  globalThis.history = { replaceState: (state, title, hash) => { globalThis.location.hash = hash; } };
  globalThis.addEventListener = (name, listener) => { follow = listener; };
});

function view(hash) {
  globalThis.location.hash = hash;
  return new View((followed) => changes.push(followed));
}

test('what an address asks for is looked at', () => {
  const { headers } = view('#q=olga&sort=principal&dir=asc&page=3');

  assert.deepEqual(headers, { q: 'olga', sort: 'principal', dir: 'asc', page: '3' });
});

test('an address that is pasted into the open page is followed', () => {
  const seen = view('');

  globalThis.location.hash = '#q=olga';
  follow();

  assert.equal(seen.q, 'olga');
  assert.deepEqual(changes, [true]);
});

test('a text that no server takes is none that is sent', () => {
  assert.equal(view('#q=%20a%00b%0Ac%20').q, 'a b c');
  assert.equal(view(`#q=${'x'.repeat(300)}`).q.length, 200);
});

test('what makes no sense is forgotten once', () => {
  const seen = view('#q=olga&sort=colour&page=7');

  assert.equal(seen.reset(), true);
  assert.deepEqual(seen.headers, { q: 'olga', sort: 'lastActivity', dir: 'desc', page: '0' });
  assert.equal(seen.reset(), false);
});
