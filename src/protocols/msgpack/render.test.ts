import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Event } from '../../core/model/events.ts';
import type { Message } from '../../core/model/message.ts';
import type { Conversation } from '../../core/model/conversation.ts';
import { down, FrameDecoder, writeDown } from './codec.ts';
import { render, renderWaiting } from './render.ts';
import type { Down } from './schema.ts';

const alice = { id: 3, name: 'alice' };
const bob = { id: 4, name: 'bob' };
const chess: Conversation = { type: 'group', name: 'chess', lobby: false };
const direct: Conversation = { type: 'direct', people: [bob, alice] };
const message: Message = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  room: 7,
  number: 1,
  position: 2,
  author: alice,
  text: 'hello',
  clientTime: 10,
  serverTime: 20,
  editedAt: null,
  deletedAt: null,
  edits: [],
};
const edited = { ...message, text: 'new', editedAt: 30, edits: [3] };
const deleted = { ...message, text: '', deletedAt: 40 };
const at = { room: 7, position: 5 };
const posted = (conversation: Conversation, said = message): Event => ({
  type: 'message-posted',
  ...at,
  conversation,
  message: said,
});
const inGroup = (content: string) => ({ type: 'update msg_group', group: 'chess', sender: 'alice', content });
const whispered = (content: string) => ({ type: 'update whisper', sender: 'alice', content });

test('MSGP-50 T12 a message to a group is shown with the group, its author and its text', () => {
  assert.deepEqual(render(posted(chess)), inGroup('hello'));
});

test('MSGP-51 T12 a message to one person is shown with its author and its text', () => {
  assert.deepEqual(render(posted(direct)), whispered('hello'));
});

test('MSGP-52 an edit and a deletion are messages of their author', () => {
  for (const [conversation, line] of [
    [chess, inGroup],
    [direct, whispered],
  ] as const) {
    assert.deepEqual(render({ type: 'message-edited', ...at, conversation, message: edited }), line('* new'));
    assert.deepEqual(
      render({ type: 'message-deleted', ...at, conversation, message: deleted }),
      line('* (message deleted)'),
    );
  }
});

test('MSGP-53 a message that waited is shown in its current state, and not at all if deleted', () => {
  for (const [conversation, line] of [
    [chess, inGroup],
    [direct, whispered],
  ] as const) {
    assert.deepEqual(renderWaiting(message, conversation), line('hello'));
    assert.deepEqual(renderWaiting(edited, conversation), line('new'));
    assert.equal(renderWaiting(deleted, conversation), null);
  }
});

test('MSGP-54 nothing else is shown', () => {
  const mute = { room: 7, person: null, skeleton: 'alice', until: null };
  const member = { room: 7, person: 3, name: 'alice', role: 'member', other: null, since: 0 } as const;
  const events: Event[] = [
    { type: 'room-created', ...at, conversation: chess },
    { type: 'member-joined', ...at, conversation: chess, member },
    { type: 'member-changed', ...at, conversation: chess, member },
    { type: 'member-left', ...at, conversation: chess, person: 3 },
    { type: 'person-muted', ...at, conversation: chess, mute },
    { type: 'person-unmuted', ...at, conversation: chess, skeleton: 'alice' },
    { type: 'person-entered', person: alice },
    { type: 'person-changed', person: alice },
    { type: 'person-typing', room: 7, conversation: chess, person: alice, isTyping: true },
    { type: 'person-renamed', person: alice, before: 'al' },
    { type: 'person-left', person: alice, departure: { type: 'left' } },
  ];
  for (const event of events) assert.equal(render(event), null, event.type);
});

test('T14 any names and texts read back as the same values', () => {
  const word = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
  const check = (author: string, group: string, text: string, encoding: 'plain' | 'wrapped') => {
    const said = { ...message, author: { id: 3, name: author }, text };
    for (const conversation of [{ ...chess, name: group }, direct]) {
      const update = render(posted(conversation, said)) as Down;
      const read = [...new FrameDecoder(down, 'message').push(writeDown(update, encoding))];
      assert.deepEqual(read, [{ ok: true, message: update }]);
    }
  };
  fc.assert(fc.property(word, word, word, fc.constantFrom('plain', 'wrapped'), check));
});
