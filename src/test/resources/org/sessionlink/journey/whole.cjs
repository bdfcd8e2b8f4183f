// What STOMP has beside sending and subscribing, each case with connections of its own; prints the name of each that holds.
const { Client } = require(process.argv[2]);

const cases = {
  'refused by one, taken by another': async (done) => {
    const [one, other] = await both();
    let count = 0;
    const take = (message) => (++count < 3 ? message.nack() : (message.ack(), done(count)));
    one.subscribe('/queue/refused', take, { ack: 'client' });
    other.subscribe('/queue/refused', take, { ack: 'client' });
    one.publish({ destination: '/queue/refused', body: 'work' });
  },

  'left by one, taken by another': async (done) => {
    const [one, other] = await both();
    let count = 0;
    const takeAs = (client) => (message) => (++count < 2 ? client.deactivate() : (message.ack(), done(message.headers.redelivered)));
    one.subscribe('/queue/left', takeAs(one), { ack: 'client' });
    other.subscribe('/queue/left', takeAs(other), { ack: 'client' });
    one.publish({ destination: '/queue/left', body: 'work' });
  },

  'taken once': async (done) => {
    const [one, other] = await both();
    const got = [];
    const takeAs = (client) => async (message) => {
      got.push(message.body);
      message.ack({ receipt: 'taken' });
      if (message.body === 'last') {
        done(got.join());
      }
      else {
        await client.deactivate();
        third.publish({ destination: '/queue/taken', body: 'last' });
      }
    };
    const third = await connected();
    one.subscribe('/queue/taken', takeAs(one), { ack: 'client' });
    other.subscribe('/queue/taken', takeAs(other), { ack: 'client' });
    one.publish({ destination: '/queue/taken', body: 'first' });
  },

  'aborted': async (done) => {
    const client = await connected();
    client.subscribe('/topic/aborted', (message) => done(message.body));
    const transaction = client.begin();
    client.publish({ destination: '/topic/aborted', headers: { transaction: transaction.id }, body: 'never' });
    transaction.abort();
    client.publish({ destination: '/topic/aborted', body: 'after' });
  },

  'committed': async (done) => {
    const client = await connected();
    const got = [];
    client.subscribe('/topic/committed', (message) => got.push(message.body) === 2 && done(got.join()));
    const transaction = client.begin();
    client.publish({ destination: '/topic/committed', headers: { transaction: transaction.id }, body: 'held' });
    client.publish({ destination: '/topic/committed', body: 'first' });
    transaction.commit();
  },

  'wrong login': (done) => open({ login: 'ada', passcode: 'guess' }, {
    onConnect: () => done('connected'),
    onStompError: (frame) => done(frame.headers.message),
  }),

  'login': (done) => open({ login: 'ada', passcode: 'correct horse' }, {
    onConnect: (frame) => done(frame.headers['user-name']),
    onStompError: (frame) => done(frame.headers.message),
  }),

  'own header': async (done) => {
    const client = await connected();
    client.subscribe('/topic/header', (message) => done(`${message.headers['x-key']} ${message.headers.other}`));
    client.publish({ destination: '/topic/header', headers: { 'x-key': 'v:1', other: 'no' }, body: '' });
  },

  'receipts': async (done) => {
    const client = await connected();
    const got = [];
    client.watchForReceipt('sub', () => {
      got.push('subscribed');
      client.publish({ destination: '/topic/receipts', headers: { receipt: 'sent' }, body: 'message' });
    });
    client.watchForReceipt('sent', () => got.push('sent') === 3 && client.deactivate());
    client.onDisconnect = ({ headers }) => done([...got.sort(), headers['receipt-id'] ? 'left' : 'cut'].join());
    client.subscribe('/topic/receipts', ({ body }) => got.push(body) === 3 && client.deactivate(), { receipt: 'sub' });
  },

  'bytes': async (done) => {
    const client = await connected();
    const bytes = Uint8Array.from({ length: 256 }, (_, i) => i);
    client.subscribe('/topic/bytes', ({ binaryBody }) => done(Buffer.from(binaryBody).equals(Buffer.from(bytes))));
    client.publish({ destination: '/topic/bytes', binaryBody: bytes, headers: { 'content-type': 'application/octet-stream' } });
  },

  'heart-beats': (done) => {
    let count = 0;
    const client = open({}, {
      heartbeatIncoming: 1_000,
      heartbeatOutgoing: 1_000,
      onHeartbeatReceived: () => ++count === 3 && done(client.connected),
      onHeartbeatLost: () => done('lost'),
      onWebSocketClose: () => done('closed'),
    });
  },

  // Cut twice, and once before anything was missed.
  'missed': async (done) => {
    const sender = await connected();
    const got = [];
    const answers = [];
    const reader = comingBack('/topic/kept', {
      began: ({ recovered }) => {
        answers.push(recovered);
        if (answers.length === 2) {
          ['one', 'two'].forEach((body) => sender.publish({ destination: '/topic/kept', body }));
        }
        if (answers.length === 1) {
          reader.cut(() => {});
        }
      },
      message: ({ body, headers }) => {
        got.push(`${body} ${headers.offset}`);
        if (body === 'two') {
          reader.cut(() => ['three', 'four'].forEach((each) => sender.publish({ destination: '/topic/kept', body: each })));
        }
        if (body === 'four') {
          done(`${answers.join()}; ${got.join()}`);
        }
      },
    });
  },

  'not known': async (done) => {
    const client = await connected();
    client.watchForReceipt('sub', ({ headers }) => done(`${headers.recovered} ${/^[0-9a-z]+:\d+$/.test(headers.resume)}`));
    client.subscribe('/topic/kept', () => {}, { receipt: 'sub', resume: 'x:5' });
  },

  'last': async (done) => {
    const client = await connected();
    client.watchForReceipt('sent', () =>
      client.subscribe('/topic/last', ({ body, headers }) => done(`${body} ${headers.replay} ${headers.offset}`)));
    client.publish({ destination: '/topic/last', body: 'first' });
    client.publish({ destination: '/topic/last', body: 'second', headers: { receipt: 'sent' } });
  },

  'sent again': async (done) => {
    const client = await connected();
    const got = [];
    client.subscribe('/topic/again', ({ body }) => got.push(body) && body === 'end' && done(got.join()));
    client.publish({ destination: '/topic/again', body: 'once', headers: { 'message-id': 'mine' } });
    client.publish({ destination: '/topic/again', body: 'once', headers: { 'message-id': 'mine' } });
    client.publish({ destination: '/topic/again', body: 'end' });
  },
};

// A client that comes back by itself, and keeps where it was as the chapter on missed messages says.
function comingBack(destination, { began, message }) {
  let epoch;
  let offset = 0;
  let meanwhile = () => {};
  const client = open({}, {
    reconnectDelay: 50,
    onWebSocketClose: () => meanwhile(),
    onConnect: () => {
      client.watchForReceipt('sub', ({ headers }) => {
        if (headers.recovered === 'false') {
          const [name, number] = headers.resume.split(':');
          epoch = name;
          offset = Number(number);
        }
        began(headers);
      });
      client.subscribe(destination, (frame) => {
        offset = Number(frame.headers.offset);
        message(frame);
      }, { receipt: 'sub', resume: epoch === undefined ? '*' : `${epoch}:${offset}` });
    },
  });
  return {
    cut: (then) => {
      meanwhile = () => {
        meanwhile = () => {};
        then();
      };
      client.forceDisconnect();
    },
  };
}

function open(connectHeaders, callbacks) {
  const client = new Client({ brokerURL: process.argv[3], connectHeaders, reconnectDelay: 0, ...callbacks });
  client.activate();
  return client;
}

function connected() {
  return new Promise((resolve) => {
    const client = open({}, { onConnect: () => resolve(client), onStompError: (frame) => fail(frame.headers.message) });
  });
}

function both() {
  return Promise.all([connected(), connected()]);
}

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

(async () => {
  for (const [name, run] of Object.entries(cases)) {
    console.log(`${name}: ${await new Promise(run)}`);
  }
  process.exit(0);
})();
