import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { OTHER, Stage, details } from './stage.js';

let stage;

beforeEach(() => {
  stage = new Stage();
});

afterEach(() => stage.close());

async function comeBack() {
  stage.client.hangUp(1006);
  await stage.pass(5_000);
  await stage.connect();
}

function reply() {
  return stage.client.subscriptions.find(({ destination }) => destination === '/topic/reply').headers;
}

function say(headers) {
  stage.client.receipt(reply().receipt, headers);
}

function sent() {
  return stage.client.sent.map(({ body, headers }) => [body, headers?.['message-id']]);
}

test('who does not ask for it sends nothing of it', async () => {
  const tab = await stage.connected();

  tab.subscribe('/topic/reply', () => {});
  tab.send('/app/message', 'Ada');

  assert.deepEqual(reply(), {});
  assert.deepEqual(stage.client.sent, [{ destination: '/app/message', body: 'Ada', headers: {} }]);
});

test('a subscription resumes behind the last message that it has got', async () => {
  const heard = [];
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', ({ body }) => heard.push(body), { resume: true });
  assert.equal(reply().resume, '*');
  say({ resume: 'e:7', recovered: 'false' });
  stage.client.message('/topic/reply', 'a', { offset: '8' });

  await comeBack();
  assert.equal(reply().resume, 'e:8');
  say({ resume: 'e:10', recovered: 'true' });
  stage.client.message('/topic/reply', 'b', { offset: '9' });
  assert.deepEqual(details(tab, 'recovered'), []);
  stage.client.message('/topic/reply', 'c', { offset: '10' });
  stage.client.message('/topic/reply', 'd', { offset: '11' });

  assert.deepEqual(details(tab, 'recovered'), [{ destination: '/topic/reply', count: 2 }]);
  assert.deepEqual(details(tab, 'gap'), []);
  assert.deepEqual(heard, ['a', 'b', 'c', 'd']);
});

test('cut before the first message, and cut twice, it still knows where it was', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {}, { resume: true });
  say({ resume: 'e:0', recovered: 'false' });

  await comeBack();
  assert.equal(reply().resume, 'e:0');
  say({ resume: 'e:2', recovered: 'true' });
  stage.client.message('/topic/reply', 'a', { offset: '1' });
  await comeBack();

  assert.equal(reply().resume, 'e:1');
  say({ resume: 'e:1', recovered: 'true' });
  assert.deepEqual(details(tab, 'recovered'), [{ destination: '/topic/reply', count: 0 }]);
});

test('what is not kept any more is a gap, and what comes then is counted anew', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {}, { resume: true });
  say({ resume: 'e:5', recovered: 'false' });
  assert.deepEqual(details(tab, 'gap'), []);

  await comeBack();
  say({ resume: 'f:2', recovered: 'false' });
  await comeBack();

  assert.deepEqual(details(tab, 'gap'), [{ destination: '/topic/reply' }]);
  assert.equal(reply().resume, 'f:2');
});

test('a server that keeps nothing says nothing', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {}, { resume: true });
  say({});
  stage.client.message('/topic/reply', 'a');

  await comeBack();

  assert.equal(reply().resume, '*');
  assert.deepEqual(details(tab, 'gap'), []);
});

test('what a slow tab misses is told', async () => {
  const tab = await stage.connected();

  stage.client.message('/user/queue/session', { event: 'GAP', destination: '/topic/reply' });

  assert.deepEqual(details(tab, 'gap'), [{ destination: '/topic/reply' }]);
});

test('where the server has lost what was before, it goes on from where that says', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {}, { resume: true });
  say({ resume: 'e:5', recovered: 'false' });

  stage.client.message('/user/queue/session', { event: 'GAP', destination: '/topic/reply', resume: 'f:2' });
  await comeBack();
  assert.equal(reply().resume, 'f:2');
  say({ resume: 'f:3', recovered: 'true' });
  stage.client.message('/topic/reply', 'a', { offset: '3' });

  assert.deepEqual(details(tab, 'gap'), [{ destination: '/topic/reply' }]);
  assert.deepEqual(details(tab, 'recovered'), [{ destination: '/topic/reply', count: 1 }]);
});

test('the position in one session is not shown in another', async () => {
  const tab = await stage.connected();
  tab.subscribe('/topic/reply', () => {}, { keep: true, resume: true });
  say({ resume: 'e:5', recovered: 'false' });
  stage.client.hangUp(1008, 'session-ended');
  stage.server.session = { ...stage.server.session, link: OTHER };

  tab.start();
  await stage.connect();

  assert.equal(reply().resume, '*');
});

test('what has no receipt is sent again in its order, under the same ids', async () => {
  const tab = await stage.connected();
  ['a', 'b', 'c'].forEach((body) => tab.send('/app/message', body, { once: true }));
  const before = sent();
  stage.client.receipt(before[0][1]);

  stage.client.hangUp(1006);
  tab.send('/app/message', 'd', { once: true });
  await stage.pass(1_000);
  await stage.connect();
  const after = sent();
  after.forEach(([, id]) => stage.client.receipt(id));
  await comeBack();

  assert.deepEqual(after.map(([body]) => body), ['b', 'c', 'd']);
  assert.deepEqual(after.slice(0, 2), before.slice(1));
  assert.equal(new Set([...before, ...after].map(([, id]) => id)).size, 4);
  assert.deepEqual(sent(), []);
});

test('what was not handled after all is sent again', async () => {
  const tab = await stage.connected();
  tab.send('/app/message', 'a', { once: true });
  await comeBack();
  const before = sent();

  stage.client.message('/user/queue/errors', { error: 'message-not-handled', message: 'Send it again.' });

  assert.deepEqual(sent(), [...before, ...before]);
  assert.deepEqual(details(tab, 'refused'), []);
});

test('nothing of a session is sent under another', async () => {
  const tab = await stage.connected();
  tab.send('/app/message', 'a', { once: true });

  stage.client.hangUp(1008, 'session-ended');
  stage.server.session = { ...stage.server.session, link: OTHER };
  tab.start();
  await stage.connect();

  assert.deepEqual(sent(), []);
  assert.equal(details(tab, 'refused')[0].code, 'not-sent');
});

test('nothing of one person is sent as another', async () => {
  stage.server.session.principal = 'ada';
  const tab = await stage.connected();
  tab.send('/app/message', 'a', { once: true });

  stage.server.session.principal = 'bob';
  await comeBack();

  assert.deepEqual(sent(), []);
});

test('no more is kept than fifty, or 262,144 characters', async () => {
  const tab = await stage.connected();
  tab.send('/app/message', 'x'.repeat(262_144), { once: true });
  assert.throws(() => tab.send('/app/message', 'x', { once: true }), /nothing was sent/);
  stage.client.receipt(sent()[0][1]);

  for (let i = 0; i < 50; i += 1) {
    tab.send('/app/message', 'x', { once: true });
  }

  assert.throws(() => tab.send('/app/message', '', { once: true }), /nothing was sent/);
});

test('who was never in a session is told that nothing is sent', () => {
  assert.throws(() => stage.tab().send('/app/message', 'x', { once: true }), /no connection/);
});
