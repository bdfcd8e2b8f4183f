import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, Stage, details } from './stage.js';

const EXTENSION = { destination: '/app/session/extend' };
let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('who asks for more time does so over the socket', async () => {
  const tab = await stage.connected();

  await tab.extend();

  assert.deepEqual(stage.client.sent, [EXTENSION]);
});

test('an application with another prefix is asked there', async () => {
  const tab = await stage.connected({ prefix: '/shop' });

  await tab.extend();

  assert.deepEqual(stage.client.sent, [{ destination: '/shop/session/extend' }]);
});

test('without a socket it is asked over HTTP, with the token', async () => {
  const tab = stage.tab({ csrf: async () => ({ 'X-CSRF-TOKEN': 'secret' }) });
  await tab.look();
  stage.server.session.remainingSeconds = 1_800;
  await stage.sleep(60_000);

  await tab.extend();

  const { method, url, headers } = stage.server.requests.at(-1);
  assert.deepEqual([method, url, headers['X-CSRF-TOKEN']], ['POST', 'https://host/shop/session/extend', 'secret']);
  assert.deepEqual(details(tab, 'extended').at(-1), { deadline: Date.now() + 1_800_000 });
});

test('to ask for more time starts no session', async () => {
  let asked = 0;
  const tab = stage.tab({ csrf: async () => {
    asked += 1;
    return {};
  } });
  await tab.extend();
  await tab.look();
  stage.server.gone('session-expired');

  await tab.extend();
  await stage.settle();

  assert.equal(asked, 0);
  assert.equal(stage.server.count('POST'), 0);
  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-expired', link: LINK }]);
});

test('that there is no more time is told, and nothing fails', async () => {
  const tab = stage.tab({ csrf: async () => {
    throw new Error('no token');
  } });
  await tab.look();

  await tab.extend();
  stage.server.reachable = false;
  await tab.extend();

  assert.deepEqual(details(tab, 'refused').map(({ code }) => code), ['not-extended', 'not-extended']);
});

test('a server that never answers is told of as one that refuses', async () => {
  const tab = stage.tab({ csrf: () => new Promise(() => {}) });
  await tab.look();

  const extended = tab.extend();
  await stage.pass(10_000);
  await extended;

  assert.deepEqual(details(tab, 'refused').map(({ code }) => code), ['not-extended']);
});

test('more time that a connection has overtaken is asked for there', async () => {
  const tab = stage.tab();
  await tab.look();
  let go;
  stage.server.slow = new Promise((done) => {
    go = done;
  });
  tab.start();

  const extending = tab.extend();
  stage.client.connect(stage.server.headers());
  go();
  await extending;

  assert.deepEqual(stage.client.sent, [EXTENSION]);
  assert.equal(stage.server.count('POST'), 0);
});

test('who types or clicks is active, told once per tenth of the timeout', async () => {
  const tab = await stage.connected();
  const element = new EventTarget();
  tab.keepAliveWhile(element);

  for (const type of ['keydown', 'input', 'pointerdown', 'mousemove']) {
    element.dispatchEvent(new Event(type));
  }
  assert.deepEqual(stage.client.sent, [EXTENSION]);
  await stage.sleep(179_000);
  element.dispatchEvent(new Event('keydown'));
  assert.equal(stage.client.sent.length, 1);
  await stage.sleep(1_000);
  element.dispatchEvent(new Event('input'));

  assert.equal(stage.client.sent.length, 2);
});

test('a look with the mouse is not activity', async () => {
  const tab = await stage.connected();
  const element = new EventTarget();
  tab.keepAliveWhile(element);

  element.dispatchEvent(new Event('mousemove'));

  assert.deepEqual(stage.client.sent, []);
});

test('who is active in a tab without a socket is told of over HTTP', async () => {
  const tab = stage.tab();
  await tab.look();
  const element = new EventTarget();
  tab.keepAliveWhile(element);

  element.dispatchEvent(new Event('keydown'));
  await stage.settle();

  assert.equal(stage.server.count('POST', '/extend'), 1);
});

test('where there is no session nobody keeps one alive', async () => {
  const idle = stage.tab();
  const ended = await stage.connected();
  stage.client.hangUp(1008, 'session-ended');
  const before = stage.server.requests.length;
  const element = new EventTarget();
  idle.keepAliveWhile(element);
  ended.keepAliveWhile(element);

  element.dispatchEvent(new Event('keydown'));
  await stage.settle();

  assert.equal(stage.server.requests.length, before);
});

test('who has let go of an element keeps nothing alive by it', async () => {
  const tab = await stage.connected();
  const element = new EventTarget();

  tab.keepAliveWhile(element)();
  element.dispatchEvent(new Event('keydown'));

  assert.deepEqual(stage.client.sent, []);
});

test('who types is active also after the clock was set back', async () => {
  const tab = await stage.connected();
  const element = new EventTarget();
  tab.keepAliveWhile(element);
  element.dispatchEvent(new Event('input'));
  const now = Date.now();
  Date.now = () => now - 3_600_000;

  element.dispatchEvent(new Event('input'));

  assert.deepEqual(stage.client.sent, [EXTENSION, EXTENSION]);
});
