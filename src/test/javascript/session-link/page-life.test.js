import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, OTHER, Stage, details, types } from './stage.js';

const HEADERS = { session: LINK, 'heart-beat': '10000,10000' };
let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('a page that goes into the cache of the browser closes its connection', async () => {
  const tab = await stage.connected();

  stage.hide();

  assert.equal(stage.client.closed, true);
  assert.deepEqual(details(tab, 'waiting'), [{ why: 'hidden', delay: undefined }]);
  assert.equal(stage.timers.size, 0);
});

test('a page that comes out of it connects again, under the same session', async () => {
  const tab = await stage.connected();
  stage.hide();

  stage.show();
  await stage.settle();
  await stage.connect();

  assert.equal(tab.state, 'connected');
  assert.deepEqual(stage.client.connectHeaders, { reconnect: 'true' });
});

test('a page that comes out of it to another session says that its own has ended', async () => {
  const tab = await stage.connected();
  stage.hide();
  stage.server.causes[LINK] = 'session-ended';
  stage.server.session.link = OTHER;

  stage.show();
  await stage.settle();

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-ended', link: LINK }]);
  assert.equal(stage.clients.length, 1);
});

test('as a browser puts a page away, and takes it out again, it says each once', async () => {
  const tab = await stage.connected();
  tab.events.length = 0;

  stage.hide();
  stage.turnTo('hidden');
  stage.turnTo('visible');
  stage.show();
  await stage.settle();
  await stage.connect();

  assert.deepEqual(types(tab), ['waiting', 'connecting', 'connected', 'identity']);
});

test('a page that is shown for the first time has nothing to come back to', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1006);

  stage.show(false);
  await stage.settle();

  assert.equal(stage.clients.length, 1);
  assert.equal(tab.state, 'waiting');
});

test('a hidden page does not try, and tries at once as it is seen', async () => {
  const tab = await stage.connected();
  stage.turnTo('hidden');

  stage.client.hangUp(1006);
  await stage.pass(120_000);
  assert.deepEqual(details(tab, 'waiting'), [{ why: 'hidden', delay: undefined }]);
  assert.equal(stage.clients.length, 1);
  stage.turnTo('visible');
  await stage.settle();

  assert.equal(stage.clients.length, 2);
});

test('a page that is hidden as it waits waits for the person', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1006);

  stage.turnTo('hidden');
  await stage.pass(120_000);

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['lost', 'hidden']);
  assert.equal(stage.clients.length, 1);
});

test('a hidden page that a login has renewed comes back all the same', async () => {
  await stage.connected();
  stage.turnTo('hidden');

  stage.client.hangUp(1013, 'session-renewed');
  await stage.settle();

  assert.equal(stage.clients.length, 2);
});

test('a browser that is offline does not try, and tries at once as it is online', async () => {
  const tab = await stage.connected();
  stage.server.reachable = false;

  stage.goOnline(false);
  await stage.pass(120_000);
  assert.deepEqual(details(tab, 'waiting'), [{ why: 'offline', delay: undefined }]);
  stage.server.reachable = true;
  stage.goOnline(true);
  await stage.settle();

  assert.equal(stage.clients.length, 2);
});

test('a hidden page that is online again says that it waits to be seen', async () => {
  const tab = await stage.connected();
  stage.server.reachable = false;
  stage.goOnline(false);
  await stage.settle();
  stage.turnTo('hidden');

  stage.goOnline(true);

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['offline', 'hidden']);
});

test('a server that is there all the same, as on this machine, is not left for being offline', async () => {
  const tab = await stage.connected();

  stage.goOnline(false);
  await stage.settle();

  assert.equal(tab.state, 'connected');
});

test('a page that was asleep for longer than two heart-beats asks, and connects anew', async () => {
  const tab = stage.tab();
  tab.start();
  await stage.connect(HEADERS);

  await stage.sleep(25_000);
  stage.resume();
  await stage.settle();

  assert.equal(stage.clients[0].closed, true);
  assert.equal(stage.clients.length, 2);
});

test('a page that has heard of the server meanwhile keeps its connection', async () => {
  const tab = stage.tab();
  tab.start();
  await stage.connect(HEADERS);

  await stage.sleep(15_000);
  stage.client.message('/topic/none', '');
  await stage.sleep(15_000);
  stage.resume();
  await stage.settle();

  assert.equal(stage.clients.length, 1);
  assert.equal(tab.state, 'connected');
});

test('a server without heart-beats may be silent', async () => {
  const tab = stage.tab();
  tab.start();
  await stage.connect({ session: LINK, 'heart-beat': '0,0' });

  await stage.sleep(600_000);
  stage.resume();
  await stage.settle();

  assert.equal(stage.clients.length, 1);
});

test('a page that slept through the end of its session says so', async () => {
  const tab = stage.tab();
  tab.start();
  await stage.connect(HEADERS);
  stage.client.notice('OPEN', 60);

  await stage.sleep(90_000);
  stage.server.gone('session-expired');
  stage.resume();
  await stage.settle();

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-expired', link: LINK }]);
  assert.equal(stage.clients.length, 1);
});

test('after the end, and after stop(), the page may do what it likes', async () => {
  const tab = await stage.connected();
  tab.stop();
  const other = await stage.connected();
  stage.client.hangUp(1008, 'session-ended');
  const before = stage.server.requests.length;

  stage.hide();
  stage.show();
  stage.turnTo('hidden');
  stage.turnTo('visible');
  stage.goOnline(true);
  await stage.pass(120_000);

  assert.equal(tab.state, 'idle');
  assert.equal(other.state, 'ended');
  assert.equal(stage.server.requests.length, before);
  assert.deepEqual(types(other).at(-1), 'ended');
});
