import assert from 'node:assert/strict';
import { before, test } from 'node:test';

const { element, write } = await import(`${process.env.CONSOLE}/element.js`);
const { curl } = await import(`${process.env.CONSOLE}/curl.js`);

before(() => {
  globalThis.Node = class {
    textContent = '';

    append(...texts) {
      this.textContent += texts.join('');
    }
  };
  globalThis.document = { createElement: () => new Node() };
});

const shown = (text) => element('p', '', text).textContent;

test('what nobody sees in a name is shown', () => {
  assert.equal(shown('al\u200Bice'), 'al⟨U+200B⟩ice');
  assert.equal(shown('admin\u202Eecila'), 'admin⟨U+202E⟩ecila');
  assert.equal(shown('\u3164'), '⟨U+3164⟩');
  assert.equal(shown('al\u200Dice'), 'al⟨U+200D⟩ice');
});

test('what people write is as it is', () => {
  for (const text of ['Zoë', '\u05D0\u05D1 1', '\u0645\u06CC\u200C\u062E', '\u{1F468}\u200D\u{1F469}', '\u2764\uFE0F', '<b>']) {
    assert.equal(shown(text), text);
  }
});

test('so it is whatever writes it', () => {
  const line = new Node();

  write(line, 'a\u2066b');

  assert.equal(line.textContent, 'a⟨U+2066⟩b');
});

test('a command is one word to a shell whatever is in its address', () => {
  assert.ok(curl('http://h/o\'n$(x)`y`', 'X-CSRF').endsWith(`'http://h/o'\\''n$(x)\`y\`'`));
});
