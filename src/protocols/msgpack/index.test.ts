import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFacts } from '../../../testing/app.ts';
import { sentMessage } from '../../../testing/session-api.ts';
import { adapterOf } from '../../../testing/adapter-of.ts';
import { msgpack } from './index.ts';
import type { Down, Up } from './schema.ts';

const adapter = adapterOf<Up, Down>(msgpack, defaultFacts);
const alice = { id: 3, name: 'alice' };

test('MSGP-01 MSGP-02 the protocol serves every link with one adapter, in both encodings', () => {
  const stopping = adapter.refuse({ type: 'stopping' }, null);
  const texts = [0xa8, ...Buffer.from('response'), 0xc2, 0xb2, ...Buffer.from('server is stopping')];
  for (const framing of ['stream', 'message'] as const) {
    assert.deepEqual([...adapter.encode(stopping, framing, 'plain')], texts);
    assert.deepEqual([...adapter.encode(stopping, framing, 'wrapped')], [0x93, ...texts]);
  }
});

test('MSGP-64 MSGP-60 a refusal from outside the session is a response with the same text', () => {
  assert.deepEqual(adapter.refuse({ type: 'too-fast', retryAfterMs: 1_500 }, { action: 'logout', username: 'alice' }), {
    type: 'response false',
    reason: 'too fast, try again in 2 s',
  });
});

test('MSGP-65 unreadable bytes are refused with a response', () => {
  assert.deepEqual(adapter.refuseBytes('unknown action'), { type: 'response false', reason: 'unknown action' });
});

test('MSGP-52 edits are messages of their own, shown only to people who were shown the original', () => {
  assert.equal(adapter.showsChangesAsMessages, true);
});

test('MSGP-53 a message that waited is shown in its current state', () => {
  const conversation = { type: 'group', name: 'lobby', lobby: true } as const;
  assert.deepEqual(adapter.renderHistory(sentMessage, conversation, null), {
    type: 'update msg_group',
    group: 'lobby',
    sender: 'alice',
    content: 'hello',
  });
});

test('MSGP-54 there are no farewells and no roster updates, and people are not shown their own moves', () => {
  const departures = [{ type: 'left' }, { type: 'removed', reason: 'spam' }, { type: 'stopped' }] as const;
  for (const departure of departures) assert.equal(adapter.renderFarewell(alice, departure), null);
  assert.equal(adapter.renderRosterUpdate({ type: 'people', id: 'x', people: [] }), null);
  assert.equal(adapter.showsOwnMoves, false);
});

test('MSGP-01 its clients may use ZeroMQ, and binary frames', () => {
  assert.deepEqual([msgpack.zeromq, msgpack.frames], [true, 'binary']);
});
