import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { Channel, LINK, Stage, details, types } from './stage.js';

let stage;
let errors;

beforeEach(() => {
  stage = new Stage();
  errors = [];
  // As a browser does, which hands what a listener throws to the console.
  process.setUncaughtExceptionCaptureCallback((error) => errors.push(error.message));
  globalThis.reportError = (error) => errors.push(error.message);
});

afterEach(() => {
  process.setUncaughtExceptionCaptureCallback(null);
  stage.close();
});

function slow() {
  let go;
  stage.server.slow = new Promise((done) => {
    go = done;
  });
  return go;
}

test('who stops while the server is asked stays stopped', async () => {
  const tab = await stage.connected();
  const go = slow();
  stage.client.hangUp(1006);
  await stage.pass(1_000);

  tab.stop();
  go();
  await stage.pass(120_000);

  assert.equal(tab.state, 'idle');
  assert.equal(stage.clients.length, 1);
  assert.deepEqual(types(tab).at(-1), 'connecting');
});

test('who stops while the cause of the end is asked for hears of no end', async () => {
  const tab = await stage.connected();
  stage.server.gone('session-ended');
  stage.client.hangUp(1006);
  const go = slow();
  await stage.pass(1_000);

  tab.stop();
  go();
  await stage.settle();

  assert.deepEqual(details(tab, 'ended'), []);
});

test('who starts twice has one connection', async () => {
  const tab = stage.tab();

  tab.start();
  tab.start();
  stage.clients[0].connect({ session: LINK });
  await stage.connect();

  assert.equal(stage.clients[0].closed, true);
  assert.deepEqual(details(tab, 'connected'), [{ link: LINK }]);
  assert.equal(tab.state, 'connected');
});

test('who starts while the server is asked has what they asked for, once', async () => {
  const tab = await stage.connected();
  const go = slow();
  stage.client.hangUp(1006);
  await stage.pass(1_000);

  tab.start();
  go();
  await stage.settle();

  assert.equal(stage.clients.length, 2);
  assert.deepEqual(stage.client.connectHeaders, {});
});

test('after stop() no timer is left, no channel and no ear', async () => {
  const tab = await stage.connected();
  stage.client.notice('EXPIRING', 60);
  const waiting = await stage.connected();
  stage.client.hangUp(1006);
  const asking = await stage.connected();
  slow();
  stage.client.hangUp(1013, 'session-renewed');

  [tab, waiting, asking].forEach((each) => each.stop());
  await stage.settle();

  assert.equal(stage.timers.size, 0);
  assert.equal(Channel.all.size, 0);
});

test('who stops before the handshake is answered leaves no timer', () => {
  const tab = stage.tab();

  tab.start();
  tab.stop();

  assert.equal(stage.timers.size, 0);
});

test('who starts as the end of the session before is found out has what they asked for', async () => {
  const tab = stage.tab();
  await tab.look();
  stage.server.gone('session-ended');
  const go = slow();
  tab.look();

  tab.start();
  go();
  await stage.settle();

  assert.equal(tab.state, 'connecting');
});

test('after the end no timer is left, and no channel', async () => {
  await stage.connected();
  stage.client.notice('EXPIRING', 60);

  stage.client.hangUp(1008, 'session-ended');
  await stage.settle();

  assert.equal(stage.timers.size, 0);
  assert.equal(Channel.all.size, 0);
});

test('who stops at any event stays stopped', async () => {
  for (const type of ['connecting', 'connected', 'identity', 'extended', 'expiring', 'closed', 'waiting', 'refused']) {
    const tab = stage.tab();
    tab.addEventListener(type, () => tab.stop());
    tab.start();
    const { client } = stage;
    const go = [
      () => client.connect({ session: LINK }),
      () => client.notice('EXPIRING', 60),
      () => client.message('/user/queue/errors', { error: 'name-blank', message: '' }),
      () => client.hangUp(1006),
    ];
    for (const step of go) {
      if (!client.closed) {
        step();
        await stage.settle();
      }
    }
    await stage.pass(60_000);

    assert.equal(tab.state, 'idle', type);
    assert.equal(stage.timers.size, 0, type);
    assert.equal(Channel.all.size, 0, type);
  }
});

test('who starts again at the end does so', async () => {
  const tab = await stage.connected();
  tab.addEventListener('ended', () => tab.start(), { once: true });

  stage.client.hangUp(1008, 'session-expired');
  await stage.connect();

  assert.equal(tab.state, 'connected');
  assert.deepEqual(details(tab, 'connected').length, 2);
});

test('who starts again as the connection closes has one', async () => {
  const tab = await stage.connected();
  tab.addEventListener('closed', () => tab.start(), { once: true });

  stage.client.hangUp(1006);
  await stage.pass(5_000);

  assert.deepEqual(details(tab, 'waiting'), []);
  assert.equal(stage.clients.length, 2);
});

test('a listener that throws hurts only itself', async () => {
  const heard = [];
  const tab = stage.tab();
  tab.subscribe('/topic/reply', () => {
    throw new Error('of the message');
  });
  tab.subscribe('/topic/reply', ({ body }) => heard.push(body));
  for (const type of ['connecting', 'connected', 'identity', 'extended', 'closed', 'waiting']) {
    tab.addEventListener(type, () => {
      throw new Error(`of ${type}`);
    });
  }
  tab.start();
  await stage.connect();
  stage.client.message('/topic/reply', 'Ada');
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  await stage.connect();

  assert.deepEqual(heard, ['Ada']);
  assert.equal(tab.state, 'connected');
  assert.ok(errors.includes('of the message'));
  assert.ok(errors.includes('of waiting'));
});

test('a page that is left in the middle of a question does nothing more', async () => {
  const tab = await stage.connected();
  const go = slow();
  stage.client.hangUp(1006);
  await stage.pass(1_000);

  stage.hide();
  go();
  await stage.pass(120_000);

  assert.equal(stage.clients.length, 1);
  assert.equal(tab.state, 'waiting');
});

test('an older connection that closes is no matter of the newer one', async () => {
  const tab = await stage.connected();
  const { client } = stage;

  tab.start();
  client.hangUp(1008, 'session-ended');
  await stage.connect();

  assert.equal(tab.state, 'connected');
  assert.deepEqual(details(tab, 'ended'), []);
});
