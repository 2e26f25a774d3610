import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultFacts } from '../../../testing/app.ts';
import { FakeSessionApi } from '../../../testing/session-api.ts';
import { adapterOf } from '../../../testing/adapter-of.ts';
import { writeDown } from './codec.ts';
import { template } from './index.ts';
import type { Down, Up } from './schema.ts';

const loginOptions = '{"acceptsDirect":true,"status":null,"lobby":true}';
const subscribes =
  'subscribe {"rooms":"lobby","history":50,"ownMessages":"others","direct":"none","rosterUpdates":false}';
const join: Up = { type: 'JOIN', name: 'alice', password: null };
const say: Up = { type: 'SAY', text: 'hello' };
const inside: readonly Up[] = [say, { type: 'TELL', name: 'bob', text: 'hello' }, { type: 'WHO' }, { type: 'QUIT' }];

/** A session over a fake session API; both write into one log, answers after `<`. */
function open() {
  const api = new FakeSessionApi();
  const session = adapterOf<Up, Down>(template, defaultFacts).openSession(api, () => {});
  const ask = (...messages: readonly Up[]) => {
    for (const message of messages) session.receive(message, (down) => api.log.push(`< ${writeDown(down as Down)}`));
  };
  return { api, ask, log: api.log };
}

/** The same, already joined, with nothing in its log. */
function joined() {
  const all = open();
  all.ask(join);
  all.api.answer();
  all.log.length = 0;
  return all;
}

test('TEMPLATE-20 TEMPLATE-22 JOIN enters as a guest, is answered, and then subscribes', () => {
  const { ask, api, log } = open();
  ask(join);
  assert.deepEqual(log, [`enter alice ${loginOptions}`]);
  api.answer();
  assert.deepEqual(log.slice(1), ['< template DONE', subscribes]);
});

test('TEMPLATE-20 a refused JOIN subscribes to nothing, and the client may try again', () => {
  const { ask, api, log } = open();
  ask(join);
  api.answer({ type: 'name-taken' });
  ask(join);
  api.answer();
  const entering = `enter alice ${loginOptions}`;
  assert.deepEqual(log, [entering, '< template FAILED this name is taken', entering, '< template DONE', subscribes]);
});

test('TEMPLATE-21 JOIN with a password logs in, with the same answers', () => {
  const { ask, api, log } = open();
  ask({ type: 'JOIN', name: 'alice', password: 'two words' });
  api.answer();
  assert.deepEqual(log, [`login alice plain two words ${loginOptions}`, '< template DONE', subscribes]);
});

test('TEMPLATE-23 a second JOIN is refused and changes nothing', () => {
  const { ask, api, log } = joined();
  ask(join, say);
  api.answer();
  assert.equal(log[0], '< template FAILED you have joined already');
  assert.equal(log.at(-1), '< template DONE');
});

test('TEMPLATE-25 TEMPLATE-26 T12 the author is the person of the connection, and a message is answered when the session API has answered', () => {
  const { ask, api, log } = joined();
  ask(say);
  assert.deepEqual(log, ['send {"type":"lobby","post":{"text":"hello","clientTime":null}}']);
  api.answer();
  ask({ type: 'TELL', name: 'bob', text: 'alice hello' });
  api.answer({ type: 'not-found' });
  assert.deepEqual(log.slice(1), [
    '< template DONE',
    'send {"type":"direct","to":"bob","post":{"text":"alice hello","clientTime":null}}',
    '< template FAILED there is nothing of that name',
  ]);
});

test('TEMPLATE-27 TEMPLATE-28 T6 WHO lists the people who are present, without the last ones if they do not fit', () => {
  const { ask, api, log } = joined();
  ask({ type: 'WHO' });
  for (const surplus of [0, 1]) {
    const rest = 65_536 - 'template HERE'.length - 6_000 * Buffer.byteLength(' é日');
    api.names = [...Array<string>(6_000).fill('é日'), 'x'.repeat(rest - 1 + surplus), 'y'];
    ask({ type: 'WHO' });
  }
  const answers = log.map((line) => line.slice('< template HERE '.length).split(' ').length);
  assert.equal(log[0], '< template HERE alice bob');
  assert.deepEqual(answers.slice(1), [6_001, 6_000]);
});

test('TEMPLATE-29 QUIT is answered, then the person leaves', () => {
  const { ask, log } = joined();
  ask({ type: 'QUIT' });
  assert.deepEqual(log, ['< template DONE', 'leave']);
});

test('TEMPLATE-24 T24 before JOIN, while it is pending, after it failed and after QUIT every request gets the same refusal', () => {
  const [outside, entering, refused, gone] = [open(), open(), open(), joined()];
  for (const { ask } of [entering, refused]) ask(join);
  refused.api.answer({ type: 'name-taken' });
  gone.ask({ type: 'QUIT' });
  for (const { ask, log } of [outside, entering, refused, gone]) {
    log.length = 0;
    ask(...inside);
    assert.deepEqual(log, Array<string>(inside.length).fill('< template FAILED join first'));
  }
  gone.ask(join);
  assert.equal(gone.log.at(-1), '< template FAILED join first');
});

test('TEMPLATE-24 T24 in any order of requests only those that are taken make calls, and each is answered once', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(join, ...inside)), (messages) => {
      const { ask, api, log } = open();
      let state = 'outside';
      for (const message of messages) {
        log.length = 0;
        ask(message);
        const allowed = state === (message.type === 'JOIN' ? 'outside' : 'inside');
        const waits = message.type !== 'QUIT' && message.type !== 'WHO';
        if (allowed && waits) api.answer();
        assert.equal(log.filter((line) => line.startsWith('<')).length, 1);
        const asked = log.some((line) => !line.startsWith('<'));
        assert.equal(asked, allowed && message.type !== 'WHO');
        if (allowed) state = message.type === 'QUIT' ? 'gone' : 'inside';
      }
    }),
  );
});

test('TEMPLATE-09 TEMPLATE-40 unreadable bytes and refusals from outside the session have an answer', () => {
  const adapter = adapterOf<Up, Down>(template, defaultFacts);
  const refused = [adapter.refuseBytes('not UTF-8'), adapter.refuse({ type: 'stopping' }, null)];
  assert.deepEqual(
    refused.map((down) => new TextDecoder().decode(adapter.encode(down, 'stream', 'plain'))),
    ['template FAILED not UTF-8\n', 'template FAILED server is stopping\n'],
  );
});
