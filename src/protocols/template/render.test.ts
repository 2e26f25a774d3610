import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFacts } from '../../../testing/app.ts';
import { sentMessage as message } from '../../../testing/session-api.ts';
import type { Event } from '../../core/model/events.ts';
import type { Departure } from '../../core/model/person.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { templateAdapter } from './index.ts';
import { render, renderHistory } from './render.ts';

const alice = { id: 3, name: 'alice' };
const lobby: Conversation = { type: 'group', name: 'lobby', lobby: true };
const direct: Conversation = { type: 'direct', people: [alice, { id: 4, name: 'bob' }] };
const edited = { ...message, text: 'new', editedAt: 3 };
const deleted = { ...message, text: '', deletedAt: 3 };
const departures: readonly Departure[] = [
  { type: 'left' },
  { type: 'lost' },
  { type: 'removed', reason: 'spam' },
  { type: 'stopped' },
];

test('TEMPLATE-30 TEMPLATE-31 a message is shown with its author, in the lobby and to one person', () => {
  for (const [conversation, type] of [
    [lobby, 'SAID'],
    [direct, 'TOLD'],
  ] as const)
    assert.deepEqual(render({ type: 'message-posted', room: 7, position: 2, conversation, message }), {
      type,
      name: 'alice',
      text: 'hello',
    });
});

test('TEMPLATE-32 an edit and a deletion are messages, for people who were shown the original', () => {
  const changed = { room: 7, position: 3, conversation: direct } as const;
  const told = (words: string) => ({ type: 'TOLD', name: 'alice', text: words });
  assert.deepEqual(render({ ...changed, type: 'message-edited', message: edited }), told('* new'));
  assert.deepEqual(render({ ...changed, type: 'message-deleted', message: deleted }), told('* (message deleted)'));
  assert.equal(templateAdapter(defaultFacts).showsChangesAsMessages, true);
});

test('TEMPLATE-33 an old message is shown in its current state, a deleted one as deleted', () => {
  assert.deepEqual(renderHistory(edited, lobby), { type: 'SAID', name: 'alice', text: 'new' });
  assert.deepEqual(renderHistory(deleted, lobby), { type: 'SAID', name: 'alice', text: '* (message deleted)' });
});

test('TEMPLATE-34 TEMPLATE-35 entering, leaving and renaming are shown to the others only', () => {
  const left = { type: 'LEFT', name: 'alice' };
  assert.deepEqual(render({ type: 'person-entered', person: alice }), { type: 'JOINED', name: 'alice' });
  assert.deepEqual(
    departures.map((departure) => render({ type: 'person-left', person: alice, departure })),
    [left, left, left, null],
  );
  assert.deepEqual(render({ type: 'person-renamed', person: { id: 3, name: 'Alicia' }, before: 'alice' }), [
    left,
    { type: 'JOINED', name: 'Alicia' },
  ]);
  assert.equal(templateAdapter(defaultFacts).showsOwnMoves, false);
});

test('TEMPLATE-36 rooms, muting and statuses are not shown', () => {
  const silent = ['person-changed', 'room-created', 'member-joined', 'member-changed', 'member-left', 'person-muted'];
  for (const type of [...silent, 'person-unmuted', 'person-typing'])
    assert.equal(render({ type } as unknown as Event), null, type);
  assert.equal(templateAdapter(defaultFacts).renderRosterUpdate({ type: 'people', id: 'x', people: [] }), null);
});

test('TEMPLATE-37 only a removed person gets a farewell', () => {
  const { renderFarewell } = templateAdapter(defaultFacts);
  assert.deepEqual(
    departures.map((departure) => renderFarewell(alice, departure)),
    [null, null, { type: 'FAILED', reason: 'banned: spam' }, null],
  );
});
