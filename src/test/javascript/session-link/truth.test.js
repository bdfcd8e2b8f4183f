import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, OTHER, Stage, details, types } from './stage.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('a person who connects is connected, and told who they are', async () => {
  stage.server.session.principal = 'ada';
  stage.server.session.roles = ['GUEST'];

  const tab = await stage.connected();

  assert.deepEqual(types(tab), ['connecting', 'connected', 'identity', 'extended']);
  assert.equal(tab.state, 'connected');
  assert.equal(tab.link, LINK);
  assert.deepEqual(tab.identity, { principal: 'ada', roles: ['GUEST'] });
  assert.deepEqual(stage.client.connectHeaders, {});
});

test('a connection that broke comes back to the same session, and says that nobody asked for it', async () => {
  const tab = await stage.connected();

  stage.client.hangUp(1006);
  await stage.pass(1_000);
  await stage.connect();

  assert.equal(details(tab, 'waiting')[0].why, 'lost');
  assert.deepEqual(details(tab, 'connecting'), [{ byItself: false }, { byItself: true }]);
  assert.deepEqual(stage.client.connectHeaders, { reconnect: 'true' });
  assert.equal(tab.state, 'connected');
});

test('whose session is gone never starts another', async () => {
  const tab = await stage.connected();
  stage.server.gone('session-ended');

  stage.client.hangUp(1006);
  await stage.pass(1_000);

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-ended', link: LINK }]);
  assert.equal(stage.clients.length, 1);
  assert.equal(tab.link, undefined);
  assert.equal(tab.identity, undefined);
});

test('a session that nobody knows of any more is gone', async () => {
  const tab = await stage.connected();
  stage.server.gone();

  stage.client.hangUp(1006);
  await stage.pass(1_000);

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-gone', link: LINK }]);
});

test('who comes back to another session is told so, and never connected', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  stage.server.causes[LINK] = 'session-expired';

  await stage.connect({ session: OTHER });

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-expired', link: LINK }]);
  assert.equal(details(tab, 'connected').length, 1);
  assert.equal(stage.client.closed, true);
});

test('a server that ends the session says why, and nobody comes back', async () => {
  const tab = await stage.connected();

  stage.client.error('session-kicked');
  stage.client.hangUp(1008, 'session-kicked');
  await stage.pass(60_000);

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-kicked', link: LINK }]);
  assert.deepEqual(details(tab, 'refused'), []);
  assert.equal(stage.clients.length, 1);
});

test('while nobody answers it waits, and asks again', async () => {
  const tab = await stage.connected();
  stage.server.reachable = false;

  stage.client.hangUp(1006);
  await stage.pass(1_000);
  stage.server.reachable = true;
  await stage.pass(2_000);

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['lost', 'unreachable']);
  assert.equal(stage.clients.length, 2);
});

test('a server that restarts is waited for, and so is one that hangs up', async () => {
  const tab = await stage.connected();

  stage.client.hangUp(1001, 'server-restart');
  await stage.pass(1_000);
  await stage.connect();
  stage.client.hangUp(1013, 'slow-consumer');

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['restart', 'closed']);
  assert.deepEqual(details(tab, 'closed')[0], { code: 1001, reason: 'server-restart', clean: true });
});

test('a handshake that is refused under the same session is tried again, and said to be refused', async () => {
  const tab = stage.tab();
  tab.start();

  stage.client.hangUp(1006);
  await stage.settle();

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['refused']);
});

test('a first handshake that is refused where there is no session yet is tried again', async () => {
  stage.server.gone();
  const tab = stage.tab();
  tab.start();

  stage.client.hangUp(1006);
  await stage.pass(1_000);

  assert.deepEqual(details(tab, 'waiting').map(({ why }) => why), ['refused']);
  assert.equal(stage.clients.length, 2);
});

test('a handshake that failed because the session is gone ends it', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  stage.server.gone('session-expired');

  stage.client.hangUp(1006);
  await stage.settle();

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-expired', link: LINK }]);
});

for (const [cause, refusal] of [['session-required', [404, { error: 'session-required' }]],
  ['login-required', [401, { error: 'login-required' }]], ['login-required', [403, 'no']],
  // As a browser shows a redirection to a login form.
  ['login-required', [0, '']]]) {
  test(`a server that answers ${refusal[0]} is not asked for ever: ${cause}`, async () => {
    stage.server.gone();
    stage.server.refusal = refusal;
    const tab = stage.tab();
    tab.start();

    stage.client.hangUp(1006);
    await stage.pass(60_000);

    assert.deepEqual(details(tab, 'ended'), [{ cause, link: undefined }]);
    assert.equal(stage.clients.length, 1);
  });
}

test('without the session API the fingerprint of CONNECTED decides alone', async () => {
  const tab = await stage.connected();
  stage.server.gone();
  stage.server.refusal = [404, '<h1>Not Found</h1>'];
  stage.client.hangUp(1006);
  await stage.pass(1_000);
  await stage.connect({ session: LINK });
  stage.client.hangUp(1006);
  await stage.pass(2_000);

  await stage.connect({ session: OTHER });

  assert.deepEqual(types(tab).filter((type) => ['connected', 'ended'].includes(type)), ['connected', 'connected', 'ended']);
});

test('a proxy that answers for a server that is down is nobody', async () => {
  const tab = stage.tab();
  stage.server.gone();
  stage.server.refusal = [502, '<h1>Bad Gateway</h1>'];
  tab.start();

  stage.client.hangUp(1006);
  await stage.settle();

  assert.equal(details(tab, 'waiting')[0].why, 'unreachable');
});

test('a CONNECT that is refused ends it, with the code', async () => {
  const tab = stage.tab();
  tab.start();

  stage.client.error('login-refused', {}, 'Login and passcode do not fit.');
  stage.client.hangUp(1006);
  await stage.pass(60_000);

  assert.deepEqual(details(tab, 'refused'), [{ code: 'login-refused', sentence: 'Login and passcode do not fit.' }]);
  assert.deepEqual(details(tab, 'ended'), [{ cause: 'login-refused', link: undefined }]);
  assert.equal(stage.clients.length, 1);
});

test('a CONNECT that the server has no time for is tried again', async () => {
  const tab = stage.tab();
  tab.start();

  stage.client.error('queue-full');
  stage.client.hangUp(1013, 'queue-full');
  await stage.pass(1_000);

  assert.equal(tab.state, 'connecting');
  assert.equal(stage.clients.length, 2);
});

test('a CONNECT that is refused for now is tried again, though the close is lost', async () => {
  const tab = stage.tab();
  tab.start();

  stage.client.error('queue-full', { 'retry-after': '1' });
  stage.client.hangUp(1006);
  await stage.settle();

  assert.equal(tab.state, 'waiting');
});

test('a server that says when to come back is asked then, and not before', async () => {
  const tab = await stage.connected();

  stage.client.error('server-restart', { 'retry-after': '4' });
  stage.client.hangUp(1001, 'server-restart');
  const [{ why, delay }] = details(tab, 'waiting');
  await stage.pass(3_999);
  assert.equal(tab.state, 'waiting');
  await stage.pass(1_001);

  assert.equal(why, 'restart');
  assert.ok(delay >= 4_000 && delay < 5_000, `${delay}`);
  assert.equal(tab.state, 'connecting');
  assert.equal(stage.clients.length, 2);
});

test('a server that names no time, or nonsense, is asked as ever', async () => {
  for (const headers of [{}, { 'retry-after': 'soon' }, { 'retry-after': '-7' }, { 'retry-after': '0' }]) {
    const tab = await stage.connected();

    stage.client.error('server-restart', headers);
    stage.client.hangUp(1001, 'server-restart');

    const [{ delay }] = details(tab, 'waiting');
    assert.ok(delay >= 500 && delay <= 1_000, `${delay}`);
    tab.stop();
  }
});

test('no server has a person wait for hours, and the next time is not its business', async () => {
  const tab = await stage.connected();

  stage.client.error('server-restart', { 'retry-after': '1e9' });
  stage.client.hangUp(1001, 'server-restart');
  stage.server.reachable = false;
  await stage.pass(301_000);

  const [first, second] = details(tab, 'waiting').map(({ delay }) => delay);
  assert.ok(first >= 300_000 && first <= 301_000, `${first}`);
  assert.ok(second <= 2_000, `${second}`);
});

test('who starts again after the end is in the session that there is now', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1008, 'session-ended');
  stage.server.session.link = OTHER;

  tab.start();
  await stage.connect();

  assert.equal(tab.link, OTHER);
  assert.deepEqual(details(tab, 'connected').at(-1), { link: OTHER });
  assert.deepEqual(stage.client.connectHeaders, {});
});

test('who is logged in is asked for each connection', async () => {
  const tab = await stage.connected();
  stage.client.hangUp(1001, 'server-restart');
  stage.server.session.principal = 'ada';
  await stage.pass(1_000);

  await stage.connect();

  assert.deepEqual(details(tab, 'identity').map(({ principal }) => principal), [null, 'ada']);
});

test('a server that is too busy to say whose session it is is asked again, and no handshake is made', async () => {
  const tab = await stage.connected();
  stage.server.gone();
  stage.server.refusal = [429, { error: 'too-many' }];

  stage.client.hangUp(1006);
  await stage.pass(1_000);

  assert.equal(details(tab, 'waiting').at(-1).why, 'unreachable');
  assert.equal(stage.clients.length, 1);
});

test('where the browser is in another session by now, CONNECTED says who is in this one, which is left', async () => {
  const tab = stage.tab();
  tab.start();

  await stage.connect({ session: OTHER, 'user-name': 'ada' });

  assert.deepEqual(details(tab, 'identity'), [{ principal: 'ada', roles: [] }]);
  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-other', link: OTHER }]);
  assert.equal(stage.client.closed, true);
});

test('a connection whose browser is in another session by now is left, whoever is in that', async () => {
  const tab = await stage.connected();
  stage.server.session = { ...stage.server.session, link: OTHER, principal: 'bob' };

  await tab.look();
  await stage.settle();

  assert.deepEqual(details(tab, 'ended'), [{ cause: 'session-other', link: LINK }]);
  assert.equal(tab.identity, undefined);
});

test('a connection whose browser has only lost the session goes on', async () => {
  const tab = await stage.connected();
  stage.server.gone();

  await tab.look();
  await stage.settle();

  assert.equal(tab.state, 'connected');
});

test('waits ever longer, and a person who starts does not wait', async () => {
  const tab = await stage.connected();
  stage.server.reachable = false;
  stage.client.hangUp(1006);

  for (let i = 0; i < 8; i += 1) {
    await stage.pass(30_000);
  }
  const delays = details(tab, 'waiting').map(({ delay }) => delay);
  tab.start();

  assert.ok(delays[0] <= 1_000 && delays[0] >= 500);
  assert.ok(delays.at(-1) <= 30_000 && delays.at(-1) >= 15_000);
  assert.equal(tab.state, 'connecting');
  assert.equal(stage.clients.length, 2);
});
