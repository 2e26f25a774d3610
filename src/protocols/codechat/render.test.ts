import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultFacts } from '../../../testing/app.ts';
import type { Event } from '../../core/model/events.ts';
import type { Departure } from '../../core/model/person.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { fakes, innocent } from '../../../testing/private-lines.ts';
import { codechatAdapter } from './index.ts';
import { render, renderHistory } from './render.ts';

const message: Message = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  room: 7,
  number: 1,
  position: 2,
  author: { id: 3, name: 'alice' },
  text: 'hello',
  clientTime: 10,
  serverTime: 20,
  editedAt: null,
  deletedAt: null,
  edits: [],
};
const edited = { ...message, text: 'new', editedAt: 30, edits: [3] };
const deleted = { ...message, text: '', deletedAt: 40 };
const conversation: Conversation = { type: 'group', name: 'lobby', lobby: true };
const person = { id: 3, name: 'alice' };
const bob = { id: 4, name: 'bob' };
const direct: Conversation = { type: 'direct', people: [bob, person] };

const chat = (msg: string) => ({ cmd: 'message', user: 'alice', msg });

/** An edit or a deletion in a conversation. */
const change = (type: 'message-edited' | 'message-deleted', changed: Message, where: Conversation): Event => {
  return { type, room: 7, position: 3, conversation: where, message: changed };
};

test('CODE-50 CODE-34 a message is shown with only its author and its text', () => {
  const posted: Event = { type: 'message-posted', room: 7, position: 2, conversation, message };
  assert.deepEqual(render(posted, null), chat('hello'));
});

test('CODE-51 CODE-52 an edit and a deletion are messages of their author, shown only to people who were shown the original', () => {
  assert.deepEqual(render(change('message-edited', edited, conversation), null), chat('* new'));
  assert.deepEqual(render(change('message-deleted', deleted, conversation), null), chat('* (message deleted)'));
  assert.equal(codechatAdapter(defaultFacts).showsChangesAsMessages, true);
});

test('CODE-53 a message that waited is shown in its current state, and not at all if deleted', () => {
  assert.deepEqual(renderHistory(message, conversation, null), chat('hello'));
  assert.deepEqual(renderHistory(edited, conversation, null), chat('new'));
  assert.equal(renderHistory(deleted, conversation, null), null);
});

test('CODE-63 a direct message has a mark, one for its author and one for its receiver, when old or changed too', () => {
  const posted: Event = { type: 'message-posted', room: 9, position: 2, conversation: direct, message };
  for (const [viewer, mark] of [
    [bob.id, '(private) '],
    [person.id, '(private to bob) '],
  ] as const) {
    assert.deepEqual(render(posted, viewer), chat(`${mark}hello`));
    assert.deepEqual(renderHistory(message, direct, viewer), chat(`${mark}hello`));
    assert.deepEqual(render(change('message-edited', edited, direct), viewer), chat(`${mark}* new`));
    assert.deepEqual(render(change('message-deleted', deleted, direct), viewer), chat(`${mark}* (message deleted)`));
  }
});

test('CODE-84 a text of the room that looks like a private line has a \\ before it, when posted, edited, or old; a direct one has none', () => {
  const posted = { type: 'message-posted', room: 9, position: 2 } as const;
  for (const fake of fakes) {
    const faked = { ...message, text: fake };
    assert.deepEqual(render({ ...posted, conversation, message: faked }, null), chat(`\\${fake}`));
    assert.deepEqual(renderHistory(faked, conversation, null), chat(`\\${fake}`));
    const changed = change('message-edited', { ...faked, editedAt: 30, edits: [3] }, conversation);
    assert.deepEqual(render(changed, null), chat(`* \\${fake}`));
    assert.deepEqual(render({ ...posted, conversation: direct, message: faked }, bob.id), chat(`(private) ${fake}`));
  }
  for (const text of innocent) assert.deepEqual(renderHistory({ ...message, text }, conversation, null), chat(text));
});

test('CODE-54 CODE-56 entering is one message, a rename two; people are not shown their own', () => {
  assert.deepEqual(render({ type: 'person-entered', person }, null), { cmd: 'client-enter', user: 'alice' });
  assert.deepEqual(render({ type: 'person-renamed', person: { id: 3, name: 'Alice' }, before: 'alice' }, null), [
    { cmd: 'client-exit', user: 'alice' },
    { cmd: 'client-enter', user: 'Alice' },
  ]);
  assert.equal(codechatAdapter(defaultFacts).showsOwnMoves, false);
});

const departures: readonly Departure[] = [
  { type: 'left' },
  { type: 'lost' },
  { type: 'removed', reason: 'spam' },
  { type: 'stopped' },
];

test('CODE-55 each way of leaving looks the same, and a stopping server shows none', () => {
  const exit = { cmd: 'client-exit', user: 'alice' };
  assert.deepEqual(
    departures.map((departure) => render({ type: 'person-left', person, departure }, null)),
    [exit, exit, exit, null],
  );
});

test('CODE-58 only a removed person gets a farewell', () => {
  const adapter = codechatAdapter(defaultFacts);
  const banned = { success: false, 'error-msg': 'banned: spam', 'success-msg': '' };
  assert.deepEqual(
    departures.map((departure) => adapter.renderFarewell(person, departure)),
    [null, null, banned, null],
  );
});

test('CODE-57 rooms, muting and statuses are not shown', () => {
  const mute = { room: 7, person: null, skeleton: 'alice', until: null };
  const member = { person: 3, room: 7, role: 'member', since: 1, other: null };
  const events = [
    { type: 'person-changed', person },
    { type: 'person-typing', room: 7, conversation, person, isTyping: true },
    { type: 'room-created', room: 7, position: 1, conversation },
    { type: 'member-joined', room: 7, position: 1, conversation, member },
    { type: 'member-changed', room: 7, position: 1, conversation, member },
    { type: 'member-left', room: 7, position: 1, conversation, person: 3 },
    { type: 'person-muted', room: 7, position: 3, conversation, mute },
    { type: 'person-unmuted', room: 7, position: 4, conversation, skeleton: 'alice' },
  ] as unknown as readonly Event[];
  for (const event of events) assert.equal(render(event, null), null, event.type);
  const rosterUpdate = { type: 'people', id: 'x', people: [] } as const;
  assert.equal(codechatAdapter(defaultFacts).renderRosterUpdate(rosterUpdate), null);
});
