import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Message } from '../../core/model/message.ts';
import { messageAnswer, numberOfState, stateOfNumber } from './message-content.ts';

function content(edits: number, deleted: boolean, read: boolean) {
  const message: Message = {
    id: 'm',
    room: 1,
    number: 1,
    position: 1,
    author: { id: 2, name: 'b' },
    text: deleted ? '' : `after ${edits} edits`,
    clientTime: null,
    serverTime: 0,
    editedAt: edits === 0 ? null : 1,
    deletedAt: deleted ? 1 : null,
    edits: Array.from({ length: edits }, (_, index) => index + 2),
  };
  return { type: 'message', message, read } as const;
}

const state = fc.record({ edits: fc.nat(100), deleted: fc.boolean(), read: fc.boolean() });

test('VIEW-37 the number of a version says what a message was, and grows with each change', () => {
  fc.assert(fc.property(state, (one) => assert.deepEqual(stateOfNumber(numberOfState(one)), { ...one })));
  const later = fc.property(state, state, (one, other) => {
    const isLater = other.edits >= one.edits && other.deleted >= one.deleted && other.read >= one.read;
    if (isLater) assert.ok(numberOfState(other) >= numberOfState(one));
  });
  fc.assert(later);
  for (const number of [-4, 0, 3, 4.5, 2 ** 60]) assert.equal(stateOfNumber(number), null);
});

test('VIEW-38 a message that was only read is a change of that, any other change is the whole', () => {
  const property = fc.property(state, state, (one, other) => {
    const now = content(other.edits, other.deleted, other.read);
    const answer = messageAnswer(now, { identity: 'room', number: numberOfState(one) }, 'room');
    assert.deepEqual(answer.version, { identity: 'room', number: numberOfState(other) });
    const isSame = one.edits === other.edits && one.deleted === other.deleted;
    const expected = !isSame || (one.read && !other.read) ? 'whole' : one.read === other.read ? 'same' : 'changed';
    assert.equal(answer.type, expected);
    if (answer.type === 'changed')
      assert.deepEqual(
        [answer.before, answer.after],
        [
          { ...now, read: false },
          { ...now, read: true },
        ],
      );
    if (answer.type === 'whole') assert.equal(answer.value, now);
  });
  fc.assert(property);
  const now = content(1, false, true);
  assert.equal(messageAnswer(now, null, 'room').type, 'whole');
  assert.equal(messageAnswer(now, { identity: 'other', number: 9 }, 'room').type, 'whole');
  assert.equal(messageAnswer(now, { identity: 'room', number: 1 }, 'room').type, 'whole');
});
