import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { LINK, Stage } from './stage.js';
import { addresses } from '../../../main/resources/META-INF/resources/session-link/addresses.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

test('the endpoint is relative to the base of the page, and the session API beside it', () => {
  const { url, session } = addresses('api/chat', undefined);

  assert.equal(url, 'wss://host/shop/api/chat');
  assert.equal(session.href, 'https://host/shop/api/session');
});

test('an endpoint elsewhere is reached by either protocol', () => {
  const of = (url) => {
    const at = addresses(url, undefined);
    return [at.url, at.session.href];
  };

  assert.deepEqual(of('ws://other:8080/greeting'), ['ws://other:8080/greeting', 'http://other:8080/session']);
  assert.deepEqual(of(new URL('https://other/app/greeting')), ['wss://other/app/greeting', 'https://other/app/session']);
});

test('the session API may be elsewhere', async () => {
  const tab = stage.tab({ session: '/account/session/' });

  await tab.look();

  assert.equal(stage.server.requests[0].url, 'https://host/account/session');
});

test('another origin gets the cookie that the browser has for it', async () => {
  const tab = stage.tab({ url: 'https://other/app/greeting' });

  await tab.look();

  assert.deepEqual([stage.server.requests[0].url, stage.server.requests[0].credentials],
    ['https://other/app/session', 'include']);
});

test('the cause of an end is asked for by its fingerprint', async () => {
  await stage.connected();
  stage.server.gone('session-ended');
  stage.client.hangUp(1006);

  await stage.pass(1_000);

  assert.equal(stage.server.requests.at(-1).url, `https://host/shop/session/end?link=${LINK}`);
});
