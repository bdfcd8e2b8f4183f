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
};

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
