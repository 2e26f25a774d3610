import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultFacts } from '../../../testing/app.ts';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import { allRefusals } from '../../../testing/all-refusals.ts';
import { documentsAdapter } from './index.ts';
import type { Outgoing } from './codec.ts';

const utf8 = new TextEncoder();

/** A session that is given requests as text, and its answers. */
function open() {
  const api = new FakeSessionApi();
  const adapter = documentsAdapter(defaultFacts);
  const session = adapter.openSession(api, () => {});
  const decoder = adapter.decoder('message');
  const answers: unknown[] = [];
  const ask = (cls: string, data?: object, type = 'request') => {
    const text = JSON.stringify({ type, id: 'x', cls, ...(data && { data }) });
    const answer = (message: Outgoing | readonly Outgoing[] | null) =>
      answers.push(
        message === null
          ? null
          : JSON.parse(new TextDecoder().decode(adapter.encode(message as Outgoing, 'message', 'plain'))),
      );
    for (const decoded of decoder.push(utf8.encode(text))) {
      assert.ok(decoded.ok, text);
      session.receive(decoded.message, answer);
    }
    return answers.at(-1) as { status: number; data?: { code?: number } } | null;
  };
  const logIn = () => {
    ask('login', { username: 'alice' });
    api.person = { id: 3, name: 'alice' };
    api.answer();
    api.log.length = 0;
  };
  return { api, ask, answers, logIn };
}

const user = { type: 'user', id: 3 };
const requests: [string, object | undefined, string][] = [
  ['get_content', { key: user, ver: ['i', 2] }, 'content {"type":"person","id":3} {"identity":"i","number":2}'],
  [
    'get_children',
    { key: { type: 'room', id: 7 }, page: 2, size: 9, before: 5 },
    'children {"type":"room","id":7} {"order":"desc","size":9,"index":2,"before":5,"version":null}',
  ],
  ['patch_content', { key: user, patch: [] }, 'content {"type":"person","id":3} null'],
  [
    'add_child',
    { key: { type: 'room', id: 7 }, obj: { key: { type: 'msg' }, text: 'hi!' } },
    'command {"type":"post","room":7,"post":{"text":"hi!","clientTime":null}}',
  ],
  [
    'remove_child',
    { key: { type: 'rooms', id: 3 }, obj: { key: { type: 'room', id: 7 } } },
    'command {"type":"leave-room","room":7}',
  ],
  [
    'password',
    { old: 'a', new: 'b' },
    'change settings {"type":"password","old":{"type":"plain","value":"a"},"fresh":{"type":"plain","value":"b"}}',
  ],
  ['delete_account', { password: 'a' }, 'delete account plain a'],
  ['invite', { room: { type: 'room', id: 7 } }, 'invite 7 {"until":null,"uses":null}'],
  ['invitation', { code: 'a code' }, 'invitation a code'],
  ['end_invitations', { room: { type: 'room', id: 7 } }, 'command {"type":"end-invitations","room":7}'],
  [
    'search',
    { text: 'x', types: ['user', 'msg'], room: { type: 'room', id: 7 }, size: 9, before: { type: 'msg', id: [7, 3] } },
    'search {"text":"x","kinds":["account","message"],"room":7,"author":null,"before":{"room":7,"number":3},"limit":9}',
  ],
  [
    'search',
    { text: '' },
    'search {"text":"","kinds":["account","room","message"],"room":null,"author":null,"before":null,"limit":50}',
  ],
  [
    'search',
    { sender: user, types: ['msg'] },
    'search {"text":"","kinds":["message"],"room":null,"author":3,"before":null,"limit":50}',
  ],
  ['token', undefined, 'issue token'],
  ['logout', undefined, 'sign out []'],
  ['logout', { token: 't' }, 'sign out ["t"]'],
];

test('DOC-81 each request makes its call, and every refusal of it is answered once with an error of its class', () => {
  for (const [cls, data, call] of requests)
    for (const refusal of allRefusals) {
      const { api, ask, answers, logIn } = open();
      logIn();
      ask(cls, data);
      assert.deepEqual(api.log, [call]);
      api.answer(refusal);
      assert.equal(answers.length, 2);
      const { type, cls: repeated } = answers[1] as { type: string; cls: string };
      assert.deepEqual([type, repeated], ['error', cls]);
    }
});

test('DOC-81 DOC-43 T24 in any order of requests only those that are taken make calls, and each is answered', () => {
  const steps = fc.array(
    fc.constantFrom('login', 'register', 'reconnect', 'nonsense', ...requests.map(([cls]) => cls)),
  );
  fc.assert(
    fc.property(steps, (classes) => {
      const { api, ask, answers } = open();
      let isInside = false;
      for (const cls of classes) {
        const [, data = { username: 'alice', password: 'a', session: 's' }] =
          requests.find(([one]) => one === cls) ?? [];
        api.log.length = 0;
        const before = answers.length;
        ask(cls, data);
        const isFree = cls === 'register' || cls === 'nonsense';
        const isTaken: boolean = isFree || (cls === 'login' || cls === 'reconnect' ? !isInside : isInside);
        const makesCall: boolean = isTaken && cls !== 'nonsense';
        assert.equal(api.log.length, makesCall ? 1 : 0, cls);
        if (!makesCall) {
          assert.equal(answers.length, before + 1);
          continue;
        }
        if (cls === 'login') api.person = { id: 3, name: 'alice' };
        if (cls === 'patch_content') continue;
        api.answer();
        assert.equal(answers.length, before + 1);
        if (cls === 'login') isInside = true;
        if (cls === 'reconnect') return; // The connection goes on with the protocol session of the old session.
        if (cls === 'logout') isInside = false;
      }
    }),
    { numRuns: 200 },
  );
});

test('DOC-16 DOC-17 what asks for no answer gets none', () => {
  const { ask, answers, logIn } = open();
  logIn();
  assert.equal(ask('changed', undefined, 'result'), null);
  assert.equal(ask('changed', undefined, 'error'), null);
  assert.equal(answers.length, 3);
});
