import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, OTHER, Stage, details, types } from './stage.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('the end that is near is told as a time of the clock, and more time takes it back', async () => {
  const tab = await stage.connected();

  stage.client.notice('EXPIRING', 60);
  stage.client.notice('EXTENDED', 1_800);

  const now = Date.now();
  assert.deepEqual(tab.events.slice(-2), [['expiring', { deadline: now + 60_000 }], ['extended', { deadline: now + 1_800_000 }]]);
});

test('a tab without a socket hears of the end, and of more time', async () => {
  await stage.connected();
  const { client } = stage;
  const silent = stage.tab();
  await silent.look();
  silent.events.length = 0;

  client.notice('EXPIRING', 60);
  client.notice('EXTENDED', 1_800);
  client.hangUp(1008, 'session-ended');

  assert.deepEqual(types(silent), ['expiring', 'extended', 'ended']);
  assert.deepEqual(details(silent, 'ended'), [{ cause: 'session-ended', link: LINK }]);
  assert.equal(silent.state, 'ended');
});

test('tabs that have heard the same a moment apart count by the same second', async () => {
  const one = await stage.connected();
  const first = stage.client;
  const two = await stage.connected();
  const second = stage.client;

  first.notice('EXPIRING', 60);
  await stage.sleep(900);
  second.notice('EXPIRING', 59);
  await stage.sleep(700);
  second.notice('EXPIRING', 59);

  assert.deepEqual(details(one, 'expiring').at(-1), details(two, 'expiring').at(-1));
  assert.deepEqual(details(one, 'expiring').map(({ deadline }) => deadline), [1_060_000, 1_059_900]);
});

test('a tab that comes later counts by what the others do', async () => {
  const one = await stage.connected();
  stage.client.notice('EXPIRING', 60);
  await stage.sleep(500);
  stage.server.session.remainingSeconds = 60;

  const two = stage.tab();
  await two.look();

  assert.deepEqual(details(two, 'extended').concat(details(two, 'expiring')).at(-1), details(one, 'expiring').at(-1));
});

test('a tab of another session is not told', async () => {
  await stage.connected();
  const { client } = stage;
  stage.server.session = { ...stage.server.session, link: OTHER };
  const other = stage.tab();
  await other.look();
  other.events.length = 0;

  client.notice('EXPIRING', 60);
  client.hangUp(1008, 'session-ended');

  assert.deepEqual(other.events, []);
});

test('a connection that alone has ended ends no other tab', async () => {
  await stage.connected();
  const { client } = stage;
  const silent = stage.tab();
  await silent.look();

  client.hangUp(1008, 'too-many-frames');

  assert.equal(silent.state, 'idle');
});

test('a tab that is connected hears of its end from the server, with the close', async () => {
  await stage.connected();
  const first = stage.client;
  const two = await stage.connected();

  first.hangUp(1008, 'session-ended');

  assert.equal(two.state, 'connected');
});

test('a tab without a socket asks once the time is over, and says that the session is', async () => {
  stage.server.session.remainingSeconds = 60;
  const tab = stage.tab();
  await tab.look();

  await stage.pass(59_000);
  assert.equal(tab.state, 'idle');
  stage.server.gone('session-expired');
  await stage.pass(2_500);

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-expired', link: LINK }]);
});

test('a session that somebody has used meanwhile goes on', async () => {
  stage.server.session.remainingSeconds = 60;
  const tab = stage.tab();
  await tab.look();

  await stage.pass(61_500);

  assert.equal(tab.state, 'idle');
  assert.deepEqual(details(tab, 'extended').at(-1), { deadline: Date.now() + 60_000 });
});

test('what is left is counted from the question, however late the answer is', async () => {
  const tab = stage.tab();
  const askedAt = Date.now();
  stage.server.slow = new Promise((done) => { setTimeout(done, 4_000); });

  const looked = tab.look();
  await stage.pass(4_000);
  await looked;

  assert.deepEqual(details(tab, 'extended'), [{ deadline: askedAt + 1_800_000 }]);
});

test('a session that lasts for ever has no deadline', async () => {
  stage.server.session.remainingSeconds = null;
  stage.server.session.timeoutSeconds = null;
  const tab = await stage.connected();

  await stage.pass(10_000_000);

  assert.deepEqual(details(tab, 'extended'), [{ deadline: null }]);
});

test('what the server has said since is newer than an answer to an earlier question', async () => {
  stage.server.session.remainingSeconds = 5;
  let go;
  stage.server.slow = new Promise((done) => {
    go = done;
  });
  const tab = await stage.connected();

  stage.client.notice('EXTENDED', 1_800);
  go();
  await stage.settle();

  assert.deepEqual(details(tab, 'extended'), [{ deadline: Date.now() + 1_800_000 }]);
});

test('who looks is told what the server says, and starts nothing', async () => {
  const tab = stage.tab();

  const session = await tab.look();

  assert.equal(session.link, LINK);
  assert.equal(tab.link, LINK);
  assert.deepEqual(types(tab), ['identity', 'extended']);
  assert.equal(stage.clients.length, 0);
  assert.equal(stage.server.count('GET'), 1);
});

test('who looks where there is no session is told nothing', async () => {
  stage.server.gone();
  const tab = stage.tab();

  const session = await tab.look();

  assert.equal(session, undefined);
  assert.deepEqual(tab.events, []);
});

test('who looks as a connection comes up is answered all the same', async () => {
  const tab = stage.tab();
  let go;
  stage.server.slow = new Promise((done) => {
    go = done;
  });

  const looking = tab.look();
  tab.start();
  stage.client.connect(stage.server.headers());
  go();

  assert.equal((await looking).link, LINK);
});

test('a tab that is stopped hears nothing of the others', async () => {
  await stage.connected();
  const { client } = stage;
  const tab = stage.tab();
  await tab.look();
  tab.stop();
  tab.events.length = 0;

  client.hangUp(1008, 'session-ended');

  assert.deepEqual(tab.events, []);
});

test('a tab without a socket whose server is out of reach at the end goes on asking', async () => {
  const silent = stage.tab();
  await silent.look();
  stage.server.reachable = false;
  await stage.pass(1_802_000);

  stage.server.reachable = true;
  stage.server.gone();
  await stage.pass(30_000);

  assert.deepEqual(details(silent, 'ended'), [{ cause: 'session-gone', link: LINK }]);
});

test('what is no number of seconds is not counted', async () => {
  const tab = await stage.connected();
  tab.events.length = 0;

  for (const nonsense of ['abc', {}, [], true, undefined]) {
    stage.client.notice('EXTENDED', nonsense);
  }

  assert.deepEqual(tab.events, []);
});
