import { acknowledged, event, msg, fixture } from '../../../testing/clients/c2.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  connecting: 'C2-70',
  outcome: 'C2-73',
  reconnecting: 'C2-74',
  seen: 'C2-76',
  events: 'C2-77',
  silence: 'C2-79',
  closing: 'C2-81',
};

clientSuite('c2', rules, {
  fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', platform }),
  speak: (client) => client.send('hello'),
  welcome: (socket) => socket.receive(acknowledged),
  refuse: (socket, reason) => socket.receive(`c2/ERROR ${reason}`),
  confuse: (socket) => socket.receive('c2/PING 1'),
  answer: (socket) => socket.receive('c2/PING 5'),
  say: (socket, id) => socket.receive(msg(id, 'x')),
  shown: (id) => event(id, 'x'),
  kind: (sent) => sent,
  probe: 'c2/PING',
  logout: 'c2/DISCONNECT',
  offline: (reason) => ({ type: 'offline', reason }),
  missed: (count) => ({ type: 'missed', count }),
});
