import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultFacts } from '../../../testing/app.ts';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import { adapterOf } from '../../../testing/adapter-of.ts';
import type { ServerFacts } from '../protocol.ts';
import { writeDown } from './codec.ts';
import { codechat, codechatAdapter } from './index.ts';
import type { Down, Up } from './schema.ts';

const loginOptions = '{"acceptsDirect":true,"status":null,"lobby":true}';
const done = '< {"success":true,"error-msg":"","success-msg":""}';
const no = (reason: string) => `< {"success":false,"error-msg":"${reason}","success-msg":""}`;
const subscribes =
  'subscribe {"rooms":"lobby","history":0,"ownMessages":"others","direct":"others","rosterUpdates":false}';
const enters = { cmd: 'connect', username: 'alice' } as const;
const said = (msg: string): Up => ({ cmd: 'msg', msg });

/** A session over a fake session API; both write into one log, answers after `<`. */
function open(facts: Partial<ServerFacts> = {}) {
  const api = new FakeSessionApi();
  api.names = ['alice', 'Bob'];
  const session = codechatAdapter({ ...defaultFacts, ...facts }).openSession(api, () => {});
  const say = (command: Up): string | undefined => {
    let answered: string | undefined;
    session.receive(command, (down) => {
      assert.equal(answered, undefined, 'answered twice');
      answered = `< ${writeDown(down as Down)}`;
      api.log.push(answered);
    });
    return answered;
  };
  return { api, say, log: api.log };
}

/** The same, already connected, with nothing in its log. */
function connected() {
  const all = open();
  all.say(enters);
  all.api.answer();
  all.api.person = { id: 3, name: 'alice' };
  all.log.length = 0;
  return all;
}

const needsPerson: readonly Up[] = [
  { cmd: 'rename', oldname: 'alice', newname: 'bob' },
  { cmd: 'get-clients' },
  said('hello'),
  said('/quit'),
];

test('CODE-22 CODE-23 connect enters as a guest, is answered, and then subscribes without history', () => {
  const { say, log, api } = open();
  assert.equal(say(enters), undefined);
  api.answer();
  assert.deepEqual(log, [`enter alice ${loginOptions}`, done, subscribes]);
});

test('CODE-23 the subscription has the history configured for codechat', () => {
  const { say, log, api } = open({ codechatHistory: 7, history: 50 });
  say(enters);
  api.answer();
  assert.equal(log.at(-1), subscribes.replace('"history":0', '"history":7'));
});

test('CODE-21 CODE-60 a refused connect subscribes to nothing, and the client may try again', () => {
  const { say, log, api } = open();
  say(enters);
  api.answer({ type: 'name-taken' });
  say({ cmd: 'connect', username: 'bob' });
  api.answer();
  assert.deepEqual(log, [
    `enter alice ${loginOptions}`,
    no('this name is taken'),
    `enter bob ${loginOptions}`,
    done,
    subscribes,
  ]);
});

test('CODE-24 connect with a password logs in, with the same answers, and the client may try again', () => {
  const { say, log, api } = open();
  say({ ...enters, password: 'wrong ' });
  api.answer({ type: 'wrong-credentials' });
  say({ ...enters, password: 'right' });
  api.answer();
  assert.deepEqual(log, [
    `login alice plain wrong  ${loginOptions}`,
    no('wrong name or password'),
    `login alice plain right ${loginOptions}`,
    done,
    subscribes,
  ]);
});

test('CODE-65 with private lines off the person gets and sees no direct messages here', () => {
  const { say, log, api } = open({ privateLines: false });
  say(enters);
  api.answer();
  assert.deepEqual(log, [
    'enter alice {"acceptsDirect":false,"status":null,"lobby":true}',
    done,
    subscribes.replace('"direct":"others"', '"direct":null'),
  ]);
});

test('CODE-89 a client that asks for an echo is shown its own messages, also direct ones if it is shown any', () => {
  for (const privateLines of [true, false]) {
    const { say, log, api } = open({ privateLines });
    say({ ...enters, echo: true });
    api.answer();
    const direct = privateLines ? '"direct":"all"' : '"direct":null';
    assert.equal(
      log.at(-1),
      `subscribe {"rooms":"lobby","history":0,"ownMessages":"all",${direct},"rosterUpdates":false}`,
    );
  }
  const { say, log, api } = open();
  say({ ...enters, echo: false });
  api.answer();
  assert.equal(log.at(-1), subscribes);
});

test('CODE-25 a second connect is refused and changes nothing', () => {
  const { say, log } = connected();
  for (const command of [enters, { ...enters, username: 'bob' }, { ...enters, password: 'secret' }])
    assert.equal(say(command), no('already connected'));
  say(said('hello'));
  assert.match(log.at(-1) ?? '', /^send/);
});

test('CODE-20 T24 before connect, while it is pending, after it failed and after exit every command gets the same refusal', () => {
  const outside = open();
  const entering = open();
  entering.say(enters);
  const refused = open();
  refused.say(enters);
  refused.api.answer({ type: 'name-taken' });
  const gone = connected();
  gone.say({ cmd: 'exit' });
  for (const { say, log } of [outside, entering, refused, gone]) {
    log.length = 0;
    for (const command of needsPerson) assert.equal(say(command), no('not connected'));
  }
  for (const command of [enters, { cmd: 'exit' } as const]) assert.equal(gone.say(command), no('not connected'));
  assert.ok(gone.log.every((line) => line.startsWith('<')));
});

test('CODE-20 CODE-35 exit is answered and leaves, also before connect', () => {
  for (const { say, log } of [open(), connected()]) {
    say({ cmd: 'exit' });
    assert.deepEqual(log, [done, 'leave']);
  }
});

test('CODE-26 CODE-10 rename renames, and is answered when the session API has answered', () => {
  const { say, log, api } = connected();
  assert.equal(say({ cmd: 'rename', oldname: 'alice', newname: 'Alice' }), undefined);
  api.answer({ type: 'name-fixed' });
  say({ cmd: 'rename', oldname: 'alice', newname: 'bob' });
  api.answer();
  assert.deepEqual(log, ['rename Alice', no('the name of an account cannot be changed'), 'rename bob', done]);
});

test('CODE-27 rename is refused if oldname is not the current name in its spelling', () => {
  const { say, log, api } = connected();
  for (const oldname of ['', 'Alice', 'ALICE', 'bob', 'alice ', 'аlice', 'alice;', 'admin', 'x'.repeat(1_000)])
    assert.equal(say({ cmd: 'rename', oldname, newname: 'bob' }), no('oldname is not your name'), oldname);
  assert.ok(log.every((line) => line.startsWith('<')));
  api.person = { id: 3, name: 'Zoë' };
  for (const oldname of ['Zoë', 'Zoe\u0308', 'Ｚｏë']) {
    say({ cmd: 'rename', oldname, newname: 'alice' });
    assert.equal(log.at(-1), 'rename alice', oldname);
  }
});

test('CODE-28 get-clients lists all present people in their order, as text and as array', () => {
  const { say, api } = connected();
  const list = (text: string, names: readonly string[]) =>
    `< ${JSON.stringify({ success: true, 'error-msg': '', 'success-msg': text, clients: names })}`;
  assert.equal(say({ cmd: 'get-clients' }), list('alice, Bob', ['alice', 'Bob']));
  api.names = ['a"\\b'];
  assert.equal(say({ cmd: 'get-clients' }), list('a"\\b', ['a"\\b']));
  api.names = [];
  assert.equal(say({ cmd: 'get-clients' }), list('', []));
});

test('CODE-29 T6 get-clients leaves out the last names if they do not fit', () => {
  const { say, api } = connected();
  const empty = '{"success":true,"error-msg":"","success-msg":"","clients":[]}'.length;
  for (const surplus of [-1, 0, 1]) {
    // Each of the 3,000 is 4 + 2 bytes in the text and 6 + 1 in the array, except the first: 3 less.
    const rest = 65_536 - empty - (3_000 * 13 - 3) - 2 - 3;
    api.names = [...Array.from({ length: 3_000 }, () => 'é"'), 'x'.repeat(Math.floor(rest / 2) + surplus), 'last'];
    const answer = say({ cmd: 'get-clients' })?.slice('< '.length) ?? '';
    const { clients, 'success-msg': text } = JSON.parse(answer) as { clients: string[]; 'success-msg': string };
    assert.deepEqual(clients, api.names.slice(0, surplus > 0 ? 3_000 : 3_001));
    assert.equal(text, clients.join(', '));
    const { length } = new TextEncoder().encode(answer);
    assert.ok(length <= 65_536);
    if (surplus === 0) assert.ok(length >= 65_535, `${length}`);
  }
});

test('CODE-30 CODE-10 a message is posted in the lobby, and is answered when the session API has answered', () => {
  const { say, log, api } = connected();
  assert.equal(say(said(' a; b ')), undefined);
  assert.deepEqual(log, ['send {"type":"lobby","post":{"text":" a; b ","clientTime":null}}']);
  api.answer();
  assert.equal(log[1], done);
});

test('CODE-31 CODE-33 a text whose first visible character is / is refused, and so is an incomplete /msg', () => {
  const { say, log } = connected();
  for (const text of ['/', '/x', '/msgx bob', '/ msg bob hi', ' /x', '\u200b/', '\t //x', '\u2800/'])
    assert.equal(say(said(text)), no('unknown command: begin with // for a text that begins with /'), text);
  for (const text of [
    '/MSG bob hi',
    '/msg',
    '/msg bob',
    '/msg bob ',
    '/msg  b',
    ' /msg bob hi',
    '\n/msg bob hi',
    '\u3164/MSG b',
  ])
    assert.equal(say(said(text)), no('a private message is written /msg name text'), text);
  assert.ok(log.every((line) => line.startsWith('<')));
});

test('CODE-32 // stands for one /; a / elsewhere is text', () => {
  const { say, log } = connected();
  for (const [text, stored] of Object.entries({
    '//x': '/x',
    '///': '//',
    '//msg bob hi': '/msg bob hi',
    '. /x': '. /x',
  })) {
    say(said(text));
    assert.equal(log.at(-1), `send {"type":"lobby","post":{"text":"${stored}","clientTime":null}}`);
  }
});

test('CODE-33 /msg sends a text unchanged to one person, and is answered when the session API has answered', () => {
  const { say, log, api } = connected();
  for (const text of ['hi', ' hi', '/x', '//x', '/msg eve hi']) {
    log.length = 0;
    assert.equal(say(said(`/msg bob ${text}`)), undefined);
    api.answer();
    const command = { type: 'direct', to: 'bob', post: { text, clientTime: null } };
    assert.deepEqual(log, [`send ${JSON.stringify(command)}`, done]);
  }
});

test('CODE-20 T24 in any order of commands, calls for a person are made only while that person is inside', () => {
  const step = fc.constantFrom(enters, { cmd: 'exit' } as const, ...needsPerson.slice(0, 3), 'yes', 'no');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { api, say, log } = open();
      let state = 'outside';
      for (const command of steps) {
        log.length = 0;
        if (typeof command === 'string') {
          if (state !== 'entering') continue;
          api.answer(command === 'no' ? { type: 'name-taken' } : undefined);
          state = command === 'no' ? 'outside' : 'inside';
          api.person = command === 'no' ? null : { id: 3, name: 'alice' };
          continue;
        }
        say(command);
        const asked = log.some((line) => !line.startsWith('<'));
        const { cmd } = command;
        const allowed = cmd === 'exit' ? state !== 'gone' : state === (cmd === 'connect' ? 'outside' : 'inside');
        assert.equal(asked, allowed && cmd !== 'get-clients', `${cmd} while ${state}`);
        if (cmd === 'connect' && allowed) state = 'entering';
        if (cmd === 'exit' && allowed) state = 'gone';
      }
    }),
  );
});

test('CODE-04 CODE-06 CODE-62 the protocol serves every link with one adapter', () => {
  const adapter = adapterOf<Up, Down>(codechat, defaultFacts);
  const decoder = adapter.decoder('stream');
  assert.deepEqual(
    [...decoder.push(new TextEncoder().encode('{"cmd":"exit"}{}x'))].map((read) => read.ok || read.fatal),
    [true, false, true],
  );
  const bytes = adapter.encode(adapter.refuseBytes('not JSON'), 'stream', 'plain');
  assert.equal(new TextDecoder().decode(bytes), '{"success":false,"error-msg":"not JSON","success-msg":""}\n');
  const stopping = adapter.encode(adapter.refuse({ type: 'stopping' }, null), 'message', 'plain');
  assert.equal(
    new TextDecoder().decode(stopping),
    '{"success":false,"error-msg":"server is stopping","success-msg":""}',
  );
});
