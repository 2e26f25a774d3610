import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultFacts } from '../../../testing/app.ts';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import { adapterOf } from '../../../testing/adapter-of.ts';
import type { ServerFacts } from '../protocol.ts';
import { readUp, writeDown } from './codec.ts';
import { c2, c2Adapter } from './index.ts';
import type { Down, Up } from './schema.ts';

const facts: ServerFacts = { ...defaultFacts, name: 'Test Server', id: 4_503_599_627_370_497 };
const loginOptions = '{"acceptsDirect":true,"status":null,"lobby":true}';
const entered = [
  '< c2/ACKNOWLEDGE Test Server',
  'subscribe {"rooms":"lobby","history":50,"ownMessages":"all","direct":"all","rosterUpdates":false}',
];

/** The frame of an answer; c2 never answers with several. */
function written(answer: Down | readonly Down[]): string {
  assert.ok(!Array.isArray(answer));
  return writeDown(answer as Down);
}

/** A session over a fake session API; both write into one log, answers after `<`. */
function open(more: Partial<ServerFacts> = {}) {
  const api = new FakeSessionApi();
  api.names = ['alice', 'Bob'];
  const session = c2Adapter({ ...facts, ...more }).openSession(api, () => {});
  const say = (frame: string): string | null | undefined => {
    const read = readUp(frame);
    assert.ok(read.ok, frame);
    let answered: string | null | undefined;
    session.receive(read.message, (down) => {
      assert.equal(answered, undefined, 'answered twice');
      answered = down === null ? null : written(down);
      api.log.push(`< ${answered}`);
    });
    return answered;
  };
  return { api, session, say, log: api.log };
}

/** The same, already connected, with nothing in its log. */
function connected() {
  const all = open();
  all.say('c2/CONNECT alice');
  all.api.answer();
  all.log.length = 0;
  return all;
}

/** The text of a post or an edit. */
function textOf({ text, post }: { text?: string; post?: { text: string } }): string | undefined {
  return text ?? post?.text;
}

/** The errors that these frames get. The session makes no call for them. */
function errors({ say, log }: ReturnType<typeof open>, frames: readonly string[]): Set<string> {
  const answers = new Set(frames.map((frame) => say(frame) ?? ''));
  assert.ok(log.every((line) => line.startsWith('< c2/ERROR ')));
  return answers;
}

const needsPerson = [
  'c2/MSG 1; a',
  'c2/QUERY active_users',
  'c2/QUERY update_message; id; a',
  'c2/UPDATE username; b',
  'c2/DISCONNECT',
];

test('C2-20 C2-21 CONNECT enters, is acknowledged with the name of the server, and then subscribes to the lobby', () => {
  const { say, log, api } = open();
  assert.equal(say('c2/CONNECT alice'), undefined);
  api.answer();
  assert.deepEqual(log, [`enter alice ${loginOptions}`, ...entered]);
});

test('C2-20 C2-60 a refused CONNECT subscribes to nothing, and the client may try again', () => {
  const { say, log, api } = open();
  say('c2/CONNECT alice');
  api.answer({ type: 'name-taken' });
  say('c2/CONNECT bob');
  api.answer();
  assert.deepEqual(log, [
    `enter alice ${loginOptions}`,
    '< c2/ERROR this name is taken',
    `enter bob ${loginOptions}`,
    ...entered,
  ]);
});

test('C2-22 CONNECT with a password logs in, with the same answers, and the client may try again', () => {
  const { say, log, api } = open();
  say('c2/CONNECT alice; se;cret ');
  api.answer({ type: 'wrong-credentials' });
  say('c2/CONNECT alice; right');
  api.answer();
  assert.deepEqual(log, [
    `login alice plain se;cret  ${loginOptions}`,
    '< c2/ERROR wrong name or password',
    `login alice plain right ${loginOptions}`,
    ...entered,
  ]);
});

test('C2-65 with private lines off the person gets and sees no direct messages here', () => {
  const { say, log, api } = open({ privateLines: false });
  say('c2/CONNECT alice');
  api.answer();
  assert.deepEqual(log, [
    'enter alice {"acceptsDirect":false,"status":null,"lobby":true}',
    '< c2/ACKNOWLEDGE Test Server',
    'subscribe {"rooms":"lobby","history":50,"ownMessages":"all","direct":null,"rosterUpdates":false}',
  ]);
});

test('C2-23 a second CONNECT is refused and changes nothing', () => {
  const all = connected();
  assert.equal(errors(all, ['c2/CONNECT bob', 'c2/CONNECT alice', 'c2/CONNECT alice; secret']).size, 1);
  all.say('c2/MSG 1; a');
  assert.match(all.log.at(-1) ?? '', /^send/);
});

test('C2-24 T24 before CONNECT, while it is pending, after it failed and after DISCONNECT every request gets the same refusal', () => {
  const outside = open();
  const entering = open();
  entering.say('c2/CONNECT alice');
  const refused = open();
  refused.say('c2/CONNECT alice');
  refused.api.answer({ type: 'name-taken' });
  const gone = connected();
  gone.say('c2/DISCONNECT');
  const texts = [outside, entering, refused, gone].flatMap((all) => {
    all.log.length = 0;
    return [...errors(all, needsPerson)];
  });
  assert.equal(new Set([...texts, ...errors(gone, ['c2/CONNECT alice'])]).size, 1);
});

test('C2-25 MSG posts in the lobby with the client time, and is answered when the session API has answered', () => {
  const { say, log, api } = connected();
  assert.equal(say('c2/MSG 12; a; b '), undefined);
  assert.deepEqual(log, ['send {"type":"lobby","post":{"text":"a; b ","clientTime":12}}']);
  api.answer();
  assert.equal(log[1], '< c2/ACKNOWLEDGE');
});

test('C2-27 C2-29 a text whose first visible character is / is refused, in an edit too, and so is an incomplete /msg', () => {
  const all = connected();
  const commands = ['/', '/x', '/msgx bob', '/ msg bob hi', ' /x', '\u200b/', '\t //x', '\u2800/', '\ufeff//x'];
  const hidden = [' /msg bob hi', '  /msg bob hi', '\n/msg bob hi', '\u200b /MSG bob', '\u3164/msg bob hi'];
  const slips = ['/MSG bob hi', '/msg', '/msg bob', '/msg bob ', '/msg  bob', ...hidden];
  const posts = (texts: readonly string[]) => texts.map((text) => `c2/MSG 1; ${text}`);
  const edits = [...commands, ...slips, '/msg bob hi'].map((text) => `c2/QUERY update_message; id; ${text}`);
  const unknown = 'c2/ERROR unknown command: begin with // for a text that begins with /';
  assert.deepEqual(errors(all, [...posts(commands), ...edits]), new Set([unknown]));
  assert.deepEqual(errors(all, posts(slips)), new Set(['c2/ERROR a private message is written /msg name text']));
});

test('C2-29 /msg sends a text unchanged to one person, and is answered when the session API has answered', () => {
  const { say, log, api } = connected();
  const direct = { hi: 'hi', ' hi': ' hi', '/x': '/x', '//x': '//x', '/msg eve hi': '/msg eve hi', 'a; b ': 'a; b ' };
  for (const [text, sent] of Object.entries(direct)) {
    log.length = 0;
    assert.equal(say(`c2/MSG 12; /msg bob ${text}`), undefined);
    api.answer();
    const command = { type: 'direct', to: 'bob', post: { text: sent, clientTime: 12 } };
    assert.deepEqual(log, [`send ${JSON.stringify(command)}`, '< c2/ACKNOWLEDGE']);
  }
  say('c2/MSG 1; /msg   Bob hi');
  assert.match(log.at(-1) ?? '', /"to":"Bob","post":\{"text":"hi"/);
});

test('C2-28 // stands for one /, in an edit too; a / elsewhere is text', () => {
  const { say, log } = connected();
  for (const text of ['//x', '///x', '//', '//msg bob hi', '. /x', 'a/b', './/']) {
    say(`c2/MSG 1; ${text}`);
    say(`c2/QUERY update_message; id; ${text}`);
  }
  const texts = log.map((line) => textOf(JSON.parse(line.replace('send ', ''))));
  const stored = ['/x', '//x', '/', '/msg bob hi', '. /x', 'a/b', './/'];
  assert.deepEqual(
    texts,
    stored.flatMap((text) => [text, text]),
  );
});

test('C2-30 active_users lists all present people in their order', () => {
  const { say, api } = connected();
  assert.equal(say('c2/QUERY active_users'), 'c2/ACKNOWLEDGE [alice,Bob]');
  api.names = [];
  assert.equal(say('c2/QUERY active_users'), 'c2/ACKNOWLEDGE []');
});

test('C2-31 T6 active_users leaves out the last names if they do not fit', () => {
  const { say, api } = connected();
  const frame = 'c2/ACKNOWLEDGE []'.length;
  for (const surplus of [-1, 0, 1]) {
    const rest = 65_536 - frame - 4 * 6_000 - 4;
    api.names = [...Array.from({ length: 6_000 }, () => 'é1'), 'a日', 'x'.repeat(rest - 1 + surplus), 'last'];
    const kept = surplus > 0 ? 6_001 : 6_002;
    const answer = say('c2/QUERY active_users') ?? '';
    assert.equal(answer, `c2/ACKNOWLEDGE [${api.names.slice(0, kept).join(',')}]`);
    assert.ok(new TextEncoder().encode(answer).length <= 65_536);
  }
});

test('C2-33 C2-35 UPDATE renames and update_message edits; both are answered when the session API has answered', () => {
  const { say, log, api } = connected();
  assert.equal(say('c2/UPDATE username; Alice'), undefined);
  api.answer();
  assert.equal(say('c2/QUERY update_message; id; new; text'), undefined);
  api.answer({ type: 'not-found' });
  assert.deepEqual(log, [
    'rename Alice',
    '< c2/ACKNOWLEDGE',
    'send {"type":"edit","message":"id","text":"new; text"}',
    '< c2/ERROR there is nothing of that name',
  ]);
});

test('C2-36 DISCONNECT has no answer and leaves', () => {
  const { say, log } = connected();
  assert.equal(say('c2/DISCONNECT'), null);
  assert.deepEqual(log, ['< null', 'leave']);
});

test('C2-37 C2-39 PING is answered in every state, and refused over the limit', () => {
  const entering = open();
  entering.say('c2/CONNECT alice');
  const gone = connected();
  gone.say('c2/DISCONNECT');
  for (const { say, api } of [open(), entering, connected(), gone]) {
    api.pingsLeft = 2;
    assert.equal(say('c2/PING'), 'c2/PING 4503599627370497');
    assert.equal(say('c2/PING 007'), 'c2/PING 007; 4503599627370497');
    assert.equal(say('c2/PING'), 'c2/ERROR too many pings');
  }
});

test('C2-38 T51 the answer to a PING is at most 64 bytes longer, even a refusal', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), maxLength: 16 });
  fc.assert(
    fc.property(digits, fc.maxSafeNat(), fc.boolean(), (timestamp, id, refused) => {
      const api = new FakeSessionApi();
      api.pingsLeft = refused ? 0 : 1;
      const session = c2Adapter({ ...facts, id }).openSession(api, () => {});
      const request = timestamp === '' ? 'c2/PING' : `c2/PING ${timestamp}`;
      const read = readUp(request);
      assert.ok(read.ok);
      session.receive(read.message, (down) => assert.ok(written(down as Down).length <= request.length + 64));
    }),
  );
});

test('C2-26 T12 the author is the person of the connection, whatever a frame claims', () => {
  const { say, log } = connected();
  say('c2/MSG 1; bob; 2; id; forged');
  say('c2/MSG 1; /msg eve bob; forged');
  say('c2/QUERY update_message; id; bob; forged');
  assert.deepEqual(
    log.map((line) => Object.keys(JSON.parse(line.replace('send ', '')))),
    [
      ['type', 'post'],
      ['type', 'to', 'post'],
      ['type', 'message', 'text'],
    ],
  );
});

test('C2-24 T24 in any order of requests, calls for a person are made only while that person is inside', () => {
  const step = fc.constantFrom('c2/CONNECT alice', 'c2/PING', ...needsPerson, 'yes', 'no');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      const { api, say, log } = open();
      let state = 'outside';
      for (const frame of steps) {
        log.length = 0;
        if (frame === 'yes' || frame === 'no') {
          if (state !== 'entering') continue;
          api.answer(frame === 'no' ? { type: 'name-taken' } : undefined);
          state = frame === 'no' ? 'outside' : 'inside';
          continue;
        }
        const before = state;
        say(frame);
        const asked = log.some((line) => !line.startsWith('<'));
        const allowed = frame.startsWith('c2/CONNECT') ? before === 'outside' : before === 'inside';
        assert.equal(asked, allowed && !['c2/PING', 'c2/QUERY active_users'].includes(frame));
        if (frame.startsWith('c2/CONNECT') && allowed) state = 'entering';
        if (frame === 'c2/DISCONNECT' && allowed) state = 'gone';
      }
    }),
  );
});

test('C2-01 C2-11 C2-62 the protocol serves every link with one adapter', () => {
  const adapter = adapterOf<Up, Down>(c2, facts);
  const decoder = adapter.decoder('stream');
  assert.deepEqual(
    [...decoder.push(new TextEncoder().encode('c2/PING\nx\n'))].map((read) => read.ok),
    [true, false],
  );
  const bytes = adapter.encode(adapter.refuseBytes('not UTF-8'), 'stream', 'plain');
  assert.equal(new TextDecoder().decode(bytes), 'c2/ERROR not UTF-8\n');
  const stopping = adapter.encode(adapter.refuse({ type: 'stopping' }, null), 'message', 'plain');
  assert.equal(new TextDecoder().decode(stopping), 'c2/ERROR server is stopping');
});
