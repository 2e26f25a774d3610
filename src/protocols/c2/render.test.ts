import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../core/model/events.ts';
import type { Departure } from '../../core/model/person.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { fakes, innocent } from '../../../testing/private-lines.ts';
import { readDown, writeDown } from './codec.ts';
import { render, renderMessage } from './render.ts';

const id = '01890a5d-ac96-774b-bcce-b302099a8057';
const message: Message = {
  id,
  room: 7,
  number: 1,
  position: 2,
  author: { id: 3, name: 'alice' },
  text: 'hello; world',
  clientTime: 10,
  serverTime: 20,
  editedAt: null,
  deletedAt: null,
  edits: [],
};
const conversation: Conversation = { type: 'group', name: 'lobby', lobby: true };
const person = { id: 3, name: 'alice' };

function shown(event: Event): string | null {
  const down = render(event, null);
  return down === null ? null : writeDown(down);
}

test('C2-50 C2-26 a message has its author and the sender’s time, or else the server’s', () => {
  const posted = { type: 'message-posted', room: 7, position: 2, conversation } as const;
  assert.equal(shown({ ...posted, message }), `c2/MSG alice; 10; ${id}; hello; world`);
  assert.equal(shown({ ...posted, message: { ...message, clientTime: 0 } }), `c2/MSG alice; 0; ${id}; hello; world`);
  assert.equal(
    shown({ ...posted, message: { ...message, clientTime: null } }),
    `c2/MSG alice; 20; ${id}; hello; world`,
  );
});

test('C2-50 the server’s time replaces a sender’s time that c2 cannot express', () => {
  for (const [clientTime, shownAs] of [
    [-1, 20],
    [-62_167_219_200_000, 20],
    [253_402_300_799_999, 253_402_300_799_999],
    [253_402_300_800_000, 20],
  ] as const) {
    const text = writeDown(renderMessage({ ...message, clientTime }, conversation, null));
    assert.equal(text, `c2/MSG alice; ${shownAs}; ${id}; hello; world`);
    assert.equal(readDown(text).ok, true);
  }
});

test('C2-51 an edit is the message again, with the same time', () => {
  const edited = { ...message, text: 'new', editedAt: 30, edits: [3] };
  const event: Event = { type: 'message-edited', room: 7, position: 3, conversation, message: edited };
  assert.equal(shown(event), `c2/MSG alice; 10; ${id}; new`);
});

test('C2-52 a deletion is the message with another text, in the history too', () => {
  const deleted = { ...message, text: '', deletedAt: 40 };
  const event: Event = { type: 'message-deleted', room: 7, position: 3, conversation, message: deleted };
  assert.equal(shown(event), `c2/MSG alice; 10; ${id}; (deleted)`);
  assert.equal(writeDown(renderMessage(deleted, conversation, null)), `c2/MSG alice; 10; ${id}; (deleted)`);
  assert.equal(writeDown(renderMessage(message, conversation, null)), `c2/MSG alice; 10; ${id}; hello; world`);
});

test('C2-63 a direct message has a mark, one for its author and one for its receiver, in the history too', () => {
  const bob = { id: 4, name: 'bob' };
  const direct: Conversation = { type: 'direct', people: [bob, person] };
  const event: Event = { type: 'message-posted', room: 9, position: 2, conversation: direct, message };
  const seen = (viewer: number) => [render(event, viewer), renderMessage(message, direct, viewer)].map(line);
  const line = (down: ReturnType<typeof render>) => down && writeDown(down);
  const [toBob, toAlice] = ['(private) ', '(private to bob) '].map(
    (mark) => `c2/MSG alice; 10; ${id}; ${mark}hello; world`,
  );
  assert.deepEqual(seen(bob.id), [toBob, toBob]);
  assert.deepEqual(seen(person.id), [toAlice, toAlice]);
  const gone = renderMessage({ ...message, text: '', deletedAt: 40 }, direct, bob.id);
  assert.equal(writeDown(gone), `c2/MSG alice; 10; ${id}; (private) (deleted)`);
});

test('C2-53 a rename has both names', () => {
  const event: Event = { type: 'person-renamed', person: { id: 3, name: 'Alice' }, before: 'alice' };
  assert.equal(shown(event), 'c2/UPDATE alice; username; Alice');
});

test('C2-54 C2-55 C2-56 C2-57 each way of leaving has its message, and a stopping server has none', () => {
  const left = (departure: Departure) => shown({ type: 'person-left', person, departure });
  assert.equal(left({ type: 'left' }), 'c2/DISCONNECT disconnect; alice');
  assert.equal(left({ type: 'lost' }), 'c2/DISCONNECT lost_connection; alice');
  assert.equal(left({ type: 'removed', reason: 'spam; again' }), 'c2/DISCONNECT ban; alice; spam; again');
  assert.equal(left({ type: 'removed', reason: '' }), 'c2/DISCONNECT ban; alice;');
  assert.equal(left({ type: 'stopped' }), null);
});

test('C2-57 entering, rooms, muting and typing are not shown', () => {
  const mute = { room: 7, person: null, skeleton: 'alice', until: null };
  assert.equal(shown({ type: 'person-entered', person }), null);
  assert.equal(shown({ type: 'person-typing', room: 7, conversation, person, isTyping: true }), null);
  assert.equal(shown({ type: 'room-created', room: 7, position: 1, conversation }), null);
  assert.equal(shown({ type: 'person-muted', room: 7, position: 3, conversation, mute }), null);
  assert.equal(shown({ type: 'person-unmuted', room: 7, position: 4, conversation, skeleton: 'alice' }), null);
});

test('C2-84 a text of the room that looks like a private line has a \\ before it, when posted, edited, or old; a direct one has none', () => {
  const shownAs = (text: string, where: Conversation, viewer: number | null) => {
    const down = renderMessage({ ...message, text }, where, viewer);
    return down.type === 'MSG' ? down.text : assert.fail();
  };
  for (const fake of fakes) {
    assert.equal(shownAs(fake, conversation, null), `\\${fake}`, JSON.stringify(fake));
    const direct: Conversation = { type: 'direct', people: [person, { id: 4, name: 'bob' }] };
    assert.equal(shownAs(fake, direct, 4), `(private) ${fake}`);
    const edited = { ...message, text: fake, editedAt: 30, edits: [3] };
    const event: Event = { type: 'message-edited', room: 7, position: 3, conversation, message: edited };
    assert.equal(shown(event), `c2/MSG alice; 10; ${id}; \\${fake}`);
  }
  for (const harmless of innocent) assert.equal(shownAs(harmless, conversation, null), harmless);
});
