import assert from 'node:assert/strict';
import { test } from 'node:test';

const { Rates } = await import(`${process.env.CONSOLE}/rates.js`);

test('it is five minutes that are kept, however often the server tells', () => {
  for (const pause of [1, 3]) {
    const rates = new Rates();

    for (let second = 0; second <= 3_600; second += pause) {
      rates.add({ links: second, messages: second, ends: { kicked: second } }, ['links'], ['messages', 'ends'], second * 1_000);
    }

    assert.equal(rates.times.length, 300 / pause + 1);
    assert.equal(rates.times[0], 3_300);
    assert.deepEqual([...rates.series.values()].map((values) => values.length), Array(3).fill(300 / pause + 1));
    assert.equal(rates.series.get('messages').at(-1), 1);
  }
});
