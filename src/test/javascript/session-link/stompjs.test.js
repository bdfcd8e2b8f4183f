import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LINK, Stage, details } from './stage.js';

// Where the build has put it.
const { Client } = await import(pathToFileURL(process.env.STOMPJS));

let stage;
let sockets;

class FakeSocket extends EventTarget {

  readyState = 0;
  sent = [];

  constructor(url, protocols) {
    super();
    Object.assign(this, { url, protocols });
    sockets.push(this);
  }

  send(data) {
    this.sent.push(data);
  }

  close() {
    this.readyState = 3;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  hear(data) {
    this.onmessage({ data });
    this.dispatchEvent(new Event('message'));
  }

}

beforeEach(() => {
  stage = new Stage();
  sockets = [];
  globalThis.WebSocket = FakeSocket;
});

afterEach(() => stage.close());

async function connected() {
  const tab = stage.tab({ Client });
  tab.start();
  await stage.settle();
  sockets[0].open();
  sockets[0].hear(`CONNECTED\nversion:1.2\nheart-beat:10000,10000\nsession:${LINK}\n\n\0`);
  await stage.settle();
  return tab;
}

test('the real library connects to where the page says, in the subprotocols of STOMP', async () => {
  const tab = await connected();

  assert.equal(sockets[0].url, 'wss://host/shop/greeting');
  assert.deepEqual(sockets[0].protocols, ['v12.stomp', 'v11.stomp', 'v10.stomp']);
  assert.equal(tab.state, 'connected');
  assert.equal(tab.link, LINK);
});

test('each frame is told with its headers and length, and no heart-beat is', async () => {
  const frames = [];
  const tab = stage.tab({ Client });
  tab.addEventListener('frame', ({ detail }) => frames.push(detail));
  tab.start();
  await stage.settle();
  sockets[0].open();
  sockets[0].hear(`CONNECTED\nversion:1.2\nsession:${LINK}\n\n\0`);
  sockets[0].hear('\n');
  tab.send('/app/message', { name: 'Ada' });

  assert.deepEqual(frames.map(({ out, command }) => [out, command]), [[true, 'CONNECT'], [false, 'CONNECTED'],
    [true, 'SUBSCRIBE'], [true, 'SUBSCRIBE'], [true, 'SEND']]);
  assert.equal(frames[1].headers.session, LINK);
  assert.equal(frames.at(-1).length, '{"name":"Ada"}'.length);
  assert.equal(frames.at(-1).headers.destination, '/app/message');
});

test('a socket that the browser does not even open is one that broke', async () => {
  globalThis.WebSocket = class {
    constructor() {
      throw new Error('SecurityError');
    }
  };
  const tab = stage.tab({ Client });

  tab.start();
  await stage.settle();

  assert.equal(details(tab, 'waiting')[0].why, 'refused');
});

test('what is heard in a hidden tab is answered by a beat, however seldom timers ring', async () => {
  await connected();
  const before = sockets[0].sent.length;

  await stage.sleep(6_000);
  sockets[0].hear('\n');

  assert.deepEqual(sockets[0].sent.slice(before), ['\n']);
});

test('a handshake that nobody answers is given up after ten seconds', async () => {
  const tab = stage.tab({ Client });
  tab.start();
  await stage.settle();
  stage.server.reachable = false;

  await stage.pass(10_000);

  assert.equal(details(tab, 'waiting')[0].why, 'unreachable');
});
