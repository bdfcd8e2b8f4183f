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
