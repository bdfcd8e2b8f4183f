// A minimal client: connects with empty headers, subscribes, sends, and prints the first greeting.
const { Client } = require(process.argv[2]);

const client = new Client({
  brokerURL: process.argv[3],
  connectHeaders: {},
  reconnectDelay: 0,
  onConnect: () => {
    client.subscribe('/topic/reply', (message) => {
      console.log(message.body);
      client.deactivate();
    });
    client.publish({ destination: '/app/message', body: JSON.stringify({ name: process.argv[4] }) });
  },
  onStompError: (frame) => fail(frame.headers.message),
  onWebSocketError: (event) => fail(event.message),
});

function fail(reason) {
  console.error(reason);
  process.exit(1);
}

client.activate();
