import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, OTHER, Stage, details } from './stage.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

function destinations() {
  return stage.client.subscriptions.map(({ destination }) => destination).filter((each) => !each.startsWith('/user/'));
}

test('a subscription is made again by each connection', async () => {
  const heard = [];
  const tab = stage.tab();
  tab.subscribe('/topic/reply', ({ body }) => heard.push(body), { id: 'mine' });
  tab.start();
  await stage.connect();
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  await stage.connect();

  stage.client.message('/topic/reply', 'Ada');

  assert.deepEqual(heard, ['Ada']);
  assert.deepEqual(stage.client.subscriptions.at(-1).headers, { id: 'mine' });
});

test('with the session its subscriptions end, but for those that are kept', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/theirs', () => {});
  tab.subscribe('/topic/pages', () => {}, { keep: true });
  assert.deepEqual(destinations(), ['/topic/theirs', '/topic/pages']);
  stage.client.hangUp(1008, 'session-ended');

  tab.start();
  await stage.connect();

  assert.deepEqual(destinations(), ['/topic/pages']);
  assert.deepEqual(stage.client.subscriptions.at(-1).headers, {});
});

test('a server that does not name the session leaves nothing behind either', async () => {
  const tab = stage.tab();
  tab.start();
  await stage.connect({});
  tab.subscribe('/topic/theirs', () => {});
  stage.client.hangUp(1008, 'session-ended');

  tab.start();
  await stage.connect({});

  assert.deepEqual(destinations(), []);
});

test('what was subscribed to before the connection is made under whatever session that is in', async () => {
  const tab = stage.tab();
  await tab.look();
  tab.subscribe('/topic/reply', () => {});
  stage.server.session = { ...stage.server.session, link: OTHER };

  tab.start();
  await stage.connect();

  assert.deepEqual(destinations(), ['/topic/reply']);
});

test('a session that has changed while nobody was connected leaves nothing behind', async () => {
  stage.server.session.principal = 'ada';
  const tab = await stage.connected();
  tab.subscribe('/topic/theirs', () => {});
  tab.stop();
  stage.server.session = { ...stage.server.session, link: OTHER, principal: null };

  tab.start();
  await stage.connect();

  assert.deepEqual(destinations(), []);
  assert.equal(tab.identity.principal, null);
});

test('a subscription that is ended is not made again', async () => {
  const tab = await stage.connected();
  const end = tab.subscribe('/topic/reply', () => {});

  end();
  end();
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  const [first] = stage.clients;
  await stage.connect();

  assert.deepEqual(first.sent, [{ unsubscribe: 'sub-2' }]);
  assert.deepEqual(destinations(), []);
});

test('a subscription that the server has taken back is told, and not made again', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {});

  stage.client.message('/user/queue/session',
    { event: 'REVOKED', subscription: 'sub-2', destination: '/topic/reply', reason: 'because' });
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  await stage.connect();

  assert.deepEqual(details(tab, 'revoked'), [{ destination: '/topic/reply', reason: 'because' }]);
  assert.deepEqual(destinations(), []);
});

test('who sends without a connection is told so', () => {
  const tab = stage.tab();

  assert.throws(() => tab.send('/app/message', 'Ada'), /no connection/);
});

test('text and bytes go as they are, all else as JSON', async () => {
  const tab = await stage.connected();
  const bytes = new Uint8Array([1, 2]);

  tab.send('/app/text', 'Ada', { priority: '1' });
  tab.send('/app/bytes', bytes);
  tab.send('/app/buffer', bytes.buffer);
  tab.send('/app/part', new DataView(bytes.buffer, 1));
  tab.send('/app/json', { name: 'Ada' });
  tab.send('/app/empty');

  assert.deepEqual(stage.client.sent, [
    { destination: '/app/text', body: 'Ada', headers: { priority: '1' } },
    { destination: '/app/bytes', binaryBody: bytes, headers: {} },
    { destination: '/app/buffer', binaryBody: bytes, headers: {} },
    { destination: '/app/part', binaryBody: new Uint8Array([2]), headers: {} },
    { destination: '/app/json', body: '{"name":"Ada"}', headers: { 'content-type': 'application/json' } },
    { destination: '/app/empty', body: '', headers: {} },
  ]);
});

test('what the server refuses is told, in its words', async () => {
  const tab = await stage.connected();

  stage.client.message('/user/queue/errors', { error: 'name-blank', message: 'A name is missing.' });
  stage.client.message('/user/queue/errors', 'no JSON');
  stage.client.message('/user/queue/session', 'null');
  stage.client.message('/user/queue/session', { event: 'ENDED', cause: 'session-ended' });

  assert.deepEqual(details(tab, 'refused'), [{ code: 'name-blank', sentence: 'A name is missing.' }]);
});

test('a broker that goes away and comes back is told, and the connection stays', async () => {
  const tab = await stage.connected();

  stage.client.message('/user/queue/session', { event: 'BROKER_DOWN' });
  stage.client.message('/user/queue/session', { event: 'BROKER_UP' });

  assert.deepEqual(details(tab, 'broker'), [{ away: true }, { away: false }]);
  assert.equal(tab.state, 'connected');
});

test('the server says by which name it knows the connection of this tab', async () => {
  const tab = await stage.connected();
  assert.equal(tab.socket, undefined);

  stage.client.notice('OPEN', 1_800, { socket: 'abc' });
  assert.equal(tab.socket, 'abc');
  stage.client.hangUp(1006);

  assert.equal(tab.socket, undefined);
  assert.equal(tab.link, LINK);
});

test('a message in a connection that was left reaches nobody', async () => {
  const heard = [];
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', ({ body }) => heard.push(body));
  const { client } = stage;

  tab.stop();
  client.message('/topic/reply', 'late');
  client.notice('EXPIRING', 60);

  assert.deepEqual(heard, []);
  assert.deepEqual(details(tab, 'expiring'), []);
});
