import { loggedIn, failure, fixture, chatMessage, success } from '../../../testing/clients/msgpack.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  connecting: 'MSGP-70',
  outcome: 'MSGP-74',
  reconnecting: 'MSGP-75',
  events: 'MSGP-76',
  silence: 'MSGP-78',
  closing: 'MSGP-79',
};

clientSuite('msgpack', rules, {
  fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', password: 'secret', platform }),
  speak: (client) => client.sendToGroup('lobby', 'hello'),
  welcome: (socket) => socket.receive(loggedIn),
  refuse: (socket, reason) => socket.receive(failure(reason)),
  confuse: (socket) => socket.receive(success),
  answer: (socket) => socket.receive(failure('that is yourself')),
  say: (socket, id) => socket.receive(chatMessage(id)),
  shown: chatMessage,
  kind: (sent) => sent,
  probe: { action: 'add_contact', username: 'Alice', token: 't1', contact: 'alice' },
  logout: { action: 'logout', username: 'alice' },
  offline: (reason) => ({ type: 'offline', reason }),
  missed: (count) => ({ type: 'missed', count }),
});
