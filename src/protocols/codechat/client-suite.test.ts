import { no, fixture, said, yes } from '../../../testing/codechat-fixture.ts';
import { clientSuite } from '../client.suite.ts';
import { connect } from './client.ts';

const rules = {
  entering: 'CODE-70',
  outcome: 'CODE-73',
  again: 'CODE-74',
  events: 'CODE-76',
  silence: 'CODE-78',
  closing: 'CODE-80',
};

clientSuite('codechat', rules, {
  place: fixture,
  connect: ({ platform }) => connect('ws://server/', { name: 'alice', platform }),
  speak: (client) => client.send('hello'),
  welcome: (socket) => socket.hear(yes),
  refuse: (socket, reason) => socket.hear(no(reason)),
  confuse: (socket) => socket.hear({ success: 'yes' }),
  answer: (socket) => socket.hear({ ...yes, 'success-msg': 'alice', clients: ['alice'] }),
  say: (socket, id) => socket.hear(said(id)),
  shown: said,
  kind: ({ cmd }) => cmd,
  probe: 'get-clients',
  goodbye: 'exit',
  offline: (reason) => ({ cmd: 'offline', reason }),
  missed: (count) => ({ cmd: 'missed', count }),
});
