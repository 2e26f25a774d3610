import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allRefusals } from '../../../testing/all-refusals.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import { errorAnswer, farewell, type OwnRefusal, refused, unreadable } from './errors.ts';

/** Every refusal but those of names and texts, which are all 400, by status and last part of the code. */
const byStatus: { readonly [statusAndPart: string]: readonly (Refusal | OwnRefusal)['type'][] } = {
  '400 00': ['bad-name', 'bad-text', 'bad-display-name', 'bad-status', 'bad-password', 'bad-time'],
  '401 10': ['not-logged-in'],
  '401 20': ['unknown-session'],
  '401 30': ['wrong-credentials'],
  '403 10': ['already-logged-in'],
  '403 40': [
    'banned',
    'muted',
    'name-fixed',
    'not-allowed',
    'not-member',
    'guest',
    'yourself',
    'unreachable',
    'registration-closed',
    'login-switched-off',
  ],
  '403 50': ['too-many', 'server-full', 'too-many-edits', 'too-many-subscriptions', 'too-large'],
  '404 20': ['not-found'],
  '404 21': ['unknown-view'],
  '404 22': ['unknown-page'],
  '409 30': ['conflict', 'name-taken', 'name-registered', 'display-name-taken', 'nonce-used'],
  '500 99': ['internal', 'unavailable'],
  '503 50': ['busy', 'too-fast', 'stopping'],
};

const own: readonly OwnRefusal[] = [
  { type: 'not-logged-in' },
  { type: 'already-logged-in' },
  { type: 'unknown-session' },
  { type: 'unknown-view' },
  { type: 'unknown-page' },
  { type: 'too-large' },
  { type: 'too-many-subscriptions' },
  { type: 'internal' },
];
const all: readonly (Refusal | OwnRefusal)[] = [...allRefusals, { type: 'bad-display-name', problem: 'empty' }, ...own];
const heading = { id: 'a', cls: 'patch_content' };

test('DOC-12 DOC-40 DOC-44 every refusal has its status and code, and its own text in one short line', () => {
  const expected = new Map(Object.entries(byStatus).flatMap(([name, types]) => types.map((type) => [type, name])));
  assert.deepEqual(new Set(all.map(({ type }) => type)), new Set(expected.keys()));
  const texts = new Set<string>();
  for (const refusal of all) {
    const answer = refused(heading, refusal);
    const [status, part] = (expected.get(refusal.type) ?? '').split(' ');
    assert.equal(answer.status, Number(status), refusal.type);
    assert.equal(answer.data.code, Number(`${status}06${part}`), refusal.type);
    assert.match(answer.data.msg, /^[a-zIV][\x20-\x7e]{1,63}$/);
    texts.add(answer.data.msg);
  }
  assert.equal(texts.size, all.length);
});

test('DOC-33 DOC-41 the errors that the document prints', () => {
  assert.equal(
    JSON.stringify(refused({ id: 'xasdq3213sdfa', cls: 'login' }, { type: 'wrong-credentials' })),
    '{"type":"error","id":"xasdq3213sdfa","cls":"login","status":401,"data":{"code":4010130,"msg":"Invalid Credential"}}',
  );
  assert.equal(
    JSON.stringify(refused({ id: 'asdf3wf3r', cls: 'patch_content' }, { type: 'conflict' })),
    '{"type":"error","id":"asdf3wf3r","cls":"patch_content","status":409,"data":{"code":4090630,"msg":"Version Conflict"}}',
  );
});

test('DOC-12 each class has its number in the code, and unknown classes have 0', () => {
  const classes = {
    login: '01',
    reconnect: '02',
    logout: '03',
    get_content: '04',
    get_children: '05',
    patch_content: '06',
    add_child: '07',
    subscribe: '08',
    revoke: '09',
    changed: '10',
    remove_child: '11',
    register: '12',
    typing: '14',
    password: '15',
    delete_account: '16',
    ban: '17',
    token: '18',
    dance: '00',
    ['__proto__']: '00',
    toString: '00',
  };
  for (const [cls, number] of Object.entries(classes)) {
    const { data } = errorAnswer({ id: 'a', cls }, { status: 404, part: 20, msg: 'x' });
    assert.equal(data.code, Number(`404${number}20`), cls);
  }
});

test('DOC-43 a second login is answered with 401, everything else that is too late with 403', () => {
  const codeOf = (cls: string) => refused({ id: 'a', cls }, { type: 'already-logged-in' });
  assert.deepEqual([codeOf('login').status, codeOf('login').data.code], [401, 4010110]);
  assert.deepEqual([codeOf('reconnect').status, codeOf('reconnect').data.code], [403, 4030210]);
  const before = refused({ id: 'a', cls: 'get_content' }, { type: 'not-logged-in' });
  assert.deepEqual([before.status, before.data.code], [401, 4010410]);
});

test('DOC-42 only refusals that pass have retry_after, in whole seconds, never 0', () => {
  const after = (retryAfterMs: number) => refused(heading, { type: 'too-fast', retryAfterMs }).data.retry_after;
  assert.deepEqual([after(0), after(1), after(1000), after(1001), after(86_400_000)], [1, 1, 1, 2, 86_400]);
  assert.equal(refused(heading, { type: 'busy' }).data.retry_after, 1);
  for (const refusal of all.filter(({ type }) => type !== 'busy' && type !== 'too-fast'))
    assert.ok(!('retry_after' in refused(heading, refusal).data), refusal.type);
});

test('DOC-06 DOC-34 errors without a request have neither an id nor a class', () => {
  assert.equal(
    JSON.stringify(unreadable('not JSON')),
    '{"type":"error","status":400,"data":{"code":4000000,"msg":"not JSON"}}',
  );
  assert.equal(
    JSON.stringify(farewell('banned: spam; again')),
    '{"type":"error","status":403,"data":{"code":4030000,"msg":"banned: spam; again"}}',
  );
});
