import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFacts } from '../../../testing/app.ts';
import { sentMessage } from '../../../testing/session-api.ts';
import { adapterOf } from '../../../testing/adapter-of.ts';
import type { Received } from './codec.ts';
import { tagged, taggedAdapter } from './index.ts';
import type { Down } from './schema.ts';

const adapter = taggedAdapter(defaultFacts);

function received(text: string): Received {
  const [read] = adapter.decoder('message').push(new TextEncoder().encode(text));
  return read?.ok ? read.message : assert.fail(text);
}

test('TAG-27 TAG-28 TAG-30 TAG-33 a refusal from outside the session has the tag and reply name of the request', () => {
  const slow = { type: 'too-fast', retryAfterMs: 1_500 } as const;
  assert.deepEqual(adapter.refuse(slow, received('{"message":"list.friends","tag":"1"}')), {
    reply: 'detail.users',
    result: 503,
    result_message: 'too fast',
    retry_after: 2,
    tag: '1',
    users: [],
  });
  const stopping = { reply: 'default', result: 503, result_message: 'server is stopping' };
  assert.deepEqual(adapter.refuse({ type: 'stopping' }, received('{"message":"me.name","tag":"2"}')), {
    ...stopping,
    tag: '2',
  });
  assert.deepEqual(adapter.refuse({ type: 'stopping' }, received('{"message":"chat.delete","id":"x"}')), stopping);
  assert.deepEqual(adapter.refuse({ type: 'stopping' }, null), stopping);
});

test('TAG-06 TAG-04 unreadable bytes are refused under default, with a newline in a stream', () => {
  const bytes = adapter.encode(adapter.refuseBytes('not UTF-8'), 'stream', 'plain');
  assert.equal(new TextDecoder().decode(bytes), '{"reply":"default","result":400,"result_message":"not UTF-8"}\n');
});

test('TAG-17 the default font is made safe', () => {
  const font = { family: 'Arial', color: '#0000ff', style: 'sib' };
  const conversation = { type: 'group', name: 'lobby', lobby: true } as const;
  const push = taggedAdapter({ ...defaultFacts, font }).renderHistory(sentMessage, conversation, null);
  assert.deepEqual(push && 'font' in push && push.font, { ...font, style: 'bis' });
});

test('TAG-63 edits are messages of their own', () => {
  assert.equal(adapter.showsChangesAsMessages, true);
});

test('TAG-01 the protocol serves every link with one adapter', () => {
  const whole = adapterOf<Received, Down>(tagged, defaultFacts);
  assert.deepEqual(whole.refuse({ type: 'stopping' }, null), adapter.refuse({ type: 'stopping' }, null));
});
