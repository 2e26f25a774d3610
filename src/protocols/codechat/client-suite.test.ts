import { failure, fixture, chatMessage, success } from '../../../testing/clients/codechat.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  connecting: 'CODE-70',
  outcome: 'CODE-73',
  reconnecting: 'CODE-74',
  events: 'CODE-76',
  silence: 'CODE-78',
  closing: 'CODE-80',
};

clientSuite('codechat', rules, {
  fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', platform }),
  speak: (client) => client.send('hello'),
  welcome: (socket) => socket.receive(success),
  refuse: (socket, reason) => socket.receive(failure(reason)),
  confuse: (socket) => socket.receive({ success: 'yes' }),
  answer: (socket) => socket.receive({ ...success, 'success-msg': 'alice', clients: ['alice'] }),
  say: (socket, id) => socket.receive(chatMessage(id)),
  shown: chatMessage,
  kind: ({ cmd }) => cmd,
  probe: 'get-clients',
  logout: 'exit',
  offline: (reason) => ({ cmd: 'offline', reason }),
  missed: (count) => ({ cmd: 'missed', count }),
});
