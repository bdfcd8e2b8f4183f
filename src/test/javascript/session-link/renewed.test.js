import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, OTHER, Stage, details, types } from './stage.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

function renew() {
  stage.client.error('session-renewed', { 'retry-after': '0' });
  stage.client.hangUp(1013, 'session-renewed');
}

test('a session that a login has renewed brings it back at once and unnoticed', async () => {
  const tab = await stage.connected();
  tab.events.length = 0;

  renew();
  assert.equal(tab.state, 'connected');
  await stage.settle();
  await stage.connect();

  assert.deepEqual(types(tab), ['closed', 'identity']);
  assert.deepEqual(stage.client.connectHeaders, { reconnect: 'true' });
  assert.equal(stage.clients.length, 2);
});

test('it waits until the browser has the new id', async () => {
  const tab = await stage.connected();
  const { session } = stage.server;
  stage.server.gone();

  renew();
  await stage.pass(25);
  assert.equal(stage.clients.length, 1);
  stage.server.session = session;
  await stage.pass(50);
  await stage.connect();

  assert.equal(tab.state, 'connected');
});

test('whose session does not come back in a moment has ended', async () => {
  const tab = await stage.connected();
  stage.server.gone('session-ended');

  renew();
  for (let i = 0; i < 20; i += 1) {
    await stage.pass(100);
  }

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-ended', link: LINK }]);
  assert.equal(stage.clients.length, 1);
});

test('what is sent meanwhile waits', async () => {
  const tab = await stage.connected();

  renew();
  tab.send('/app/message', { name: 'Ada' });
  await stage.settle();
  await stage.connect();

  assert.deepEqual(stage.client.sent,
    [{ destination: '/app/message', body: '{"name":"Ada"}', headers: { 'content-type': 'application/json' } }]);
});

test('what could not be sent after all is complained of', async () => {
  const tab = await stage.connected();

  renew();
  tab.send('/app/message', 'Ada');
  await stage.settle();
  stage.client.hangUp(1006);
  await stage.settle();

  assert.deepEqual(types(tab).slice(-2), ['waiting', 'refused']);
  assert.equal(details(tab, 'refused')[0].code, 'not-sent');
});

test('what one person has written is not sent in the name of another', async () => {
  stage.server.session.principal = 'ada';
  const tab = await stage.connected();

  renew();
  tab.send('/app/message', 'of ada');
  stage.server.session.principal = 'ben';
  await stage.settle();
  await stage.connect();

  assert.deepEqual(stage.client.sent, []);
  assert.equal(tab.identity.principal, 'ben');
});

test('what an anonymous visitor has written is sent by whom they turn out to be', async () => {
  const tab = await stage.connected();

  renew();
  tab.send('/app/message', 'of somebody');
  stage.server.session.principal = 'ada';
  await stage.settle();
  await stage.connect();

  assert.equal(stage.client.sent.length, 1);
});

test('who is not back in a moment says so', async () => {
  const tab = await stage.connected();

  renew();
  await stage.settle();
  await stage.pass(2_000);

  assert.deepEqual(details(tab, 'connecting').at(-1), { byItself: true });
  assert.equal(stage.clients.length, 2);
  await stage.connect();
  assert.equal(details(tab, 'connected').length, 2);
});

test('a server that renews again and again is not asked at once for ever', async () => {
  const tab = await stage.connected();

  for (let i = 0; i < 3; i += 1) {
    renew();
    await stage.settle();
    await stage.connect();
  }
  renew();

  assert.equal(tab.state, 'waiting');
  assert.equal(stage.clients.length, 4);
});

test('a connection that has lasted may be renewed anew', async () => {
  const tab = await stage.connected();

  for (let i = 0; i < 6; i += 1) {
    await stage.sleep(11_000);
    renew();
    await stage.settle();
    await stage.connect();
  }

  assert.equal(tab.state, 'connected');
});

test('who stops while the session is renewed stays away', async () => {
  const tab = await stage.connected();
  stage.server.gone();

  renew();
  tab.stop();
  await stage.pass(10_000);

  assert.equal(tab.state, 'idle');
  assert.equal(stage.clients.length, 1);
  assert.equal(stage.timers.size, 0);
});

test('a close while the session is renewed is another matter', async () => {
  const tab = await stage.connected();

  renew();
  await stage.settle();
  stage.client.hangUp(1008, 'session-ended');
  await stage.pass(10_000);

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-ended', link: LINK }]);
});

test('another session than before is no renewed one', async () => {
  const tab = await stage.connected();
  stage.server.session.link = OTHER;

  renew();
  for (let i = 0; i < 20; i += 1) {
    await stage.pass(100);
  }

  assert.equal(tab.state, 'ended');
  assert.equal(stage.clients.length, 1);
});
