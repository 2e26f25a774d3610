import { chatEvent, loggedIn, fixture, chatMessage } from '../../../testing/clients/tagged.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  connecting: 'TAG-80',
  outcome: 'TAG-84',
  reconnecting: 'TAG-85',
  seen: 'TAG-86',
  events: 'TAG-87',
  silence: 'TAG-90',
  closing: 'TAG-89',
};

clientSuite('tagged', rules, {
  fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', platform }),
  speak: (client) => client.chatGroup('lobby', 'hello'),
  welcome: (socket) => socket.answer(loggedIn),
  refuse: (socket, reason) => socket.answer({ reply: 'login', result: 403, result_message: reason }),
  confuse: (socket) => socket.answer(),
  answer: (socket) => socket.answer({ result: 204 }),
  say: (socket, id) => socket.receive(chatMessage(id, 'x')),
  shown: (id) => chatEvent(id, 'x'),
  kind: ({ tag: _, ...sent }) => sent,
  probe: { message: 'detail.users', usernames: [] },
  logout: { message: 'logout' },
  offline: (reason) => ({ message: 'offline', reason }),
  missed: (count) => ({ message: 'missed', count }),
});
