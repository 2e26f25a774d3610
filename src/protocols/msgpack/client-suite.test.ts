import { loggedIn, no, fixture, said, yes } from '../../../testing/msgpack-fixture.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  entering: 'MSGP-70',
  outcome: 'MSGP-74',
  again: 'MSGP-75',
  events: 'MSGP-76',
  silence: 'MSGP-78',
  closing: 'MSGP-79',
};

clientSuite('msgpack', rules, {
  place: fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', password: 'secret', platform }),
  speak: (client) => client.sendToGroup('lobby', 'hello'),
  welcome: (socket) => socket.hear(loggedIn),
  refuse: (socket, reason) => socket.hear(no(reason)),
  confuse: (socket) => socket.hear(yes),
  answer: (socket) => socket.hear(no('that is yourself')),
  say: (socket, id) => socket.hear(said(id)),
  shown: said,
  kind: (sent) => sent,
  probe: { action: 'add_contact', username: 'Alice', token: 't1', contact: 'alice' },
  goodbye: { action: 'logout', username: 'alice' },
  offline: (reason) => ({ type: 'offline', reason }),
  missed: (count) => ({ type: 'missed', count }),
});
