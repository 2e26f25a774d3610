import type { IdCommand, IdResult } from '../../../connections/session/id-commands.ts';
import type { PersonId } from '../../../core/model/ids.ts';
import type { Key, RequestOf } from '../schema.ts';

type AddChild = RequestOf<'add_child'>['data'];
type RemoveChild = RequestOf<'remove_child'>['data'];
type NewRoom = Extract<AddChild, { key: { type: 'rooms' | 'conversations' } }>['obj'];
type NewMessage = Extract<AddChild, { key: { type: 'room' } }>['obj'];
type PersonChild = { readonly key: Extract<Key, { type: 'user' }> };

/** The command that a request means, and the key of the child once it is done. */
export type ChildCommand = { readonly command: IdCommand; readonly keyOf: (result: IdResult) => Key };

/** What adding a child does; null if the parent is a list of somebody else, which is answered like an unknown one. */
export function childAdded(data: AddChild, self: PersonId): ChildCommand | null {
  const { key } = data;
  if (isList(key.type) && key.id !== self) return null; // DOC-90
  switch (key.type) {
    case 'rooms':
    case 'conversations':
      return roomAdded(data.obj as NewRoom, self);
    case 'room':
      return messageAdded(key.id, data.obj as NewMessage);
    case 'fav':
    case 'blocked':
    case 'members':
      return { command: personChanged(key, data.obj as PersonChild, true), keyOf: () => (data.obj as PersonChild).key };
  }
}

/** What removing a child does; null as for `childAdded`, and if the child is not one of this parent. */
export function childRemoved({ key, obj }: RemoveChild, self: PersonId): IdCommand | null {
  if (isList(key.type) && key.id !== self) return null; // DOC-90
  switch (key.type) {
    case 'rooms':
    case 'conversations':
      return { type: 'leave-room', room: (obj.key as Extract<Key, { type: 'room' }>).id }; // DOC-96
    case 'room': {
      const [room, number] = (obj.key as Extract<Key, { type: 'msg' }>).id;
      return room === key.id ? { type: 'delete-message', room, number } : null; // DOC-96
    }
    case 'fav':
    case 'blocked':
    case 'members':
      return personChanged(key, obj as PersonChild, false);
  }
}

function isList(type: Key['type']): boolean {
  return type === 'rooms' || type === 'conversations' || type === 'fav' || type === 'blocked';
}

/** With the code of an invitation, or an id: joins that room. With one other member and no name: the direct of the two. Else a new room. */
function roomAdded({ key, name, open, members = [], invitation }: NewRoom, self: PersonId): ChildCommand {
  const keyOf = ({ room = 0 }: IdResult) => ({ type: 'room', id: room }) as const;
  if (invitation !== undefined) return { command: { type: 'join-by-invitation', code: invitation }, keyOf }; // DOC-152
  if (key.id !== undefined) return { command: { type: 'join-room', room: key.id }, keyOf }; // DOC-93
  const others = [...new Set(members.map((member) => member.key.id))].filter((id) => id !== self);
  const [other] = others;
  if (other !== undefined && others.length === 1 && name === undefined && open !== true)
    return { command: { type: 'begin-direct', other }, keyOf }; // DOC-92
  const made = { displayName: name ?? null, closed: open !== true, members: others };
  return { command: { type: 'create-room', ...made }, keyOf }; // DOC-91
}

function messageAdded(room: number, { text = '', reply_to, file }: NewMessage): ChildCommand | null {
  if (reply_to !== undefined && reply_to.id[0] !== room) return null; // DOC-94
  const more = { ...(reply_to && { replyTo: reply_to.id[1] }), ...(file && { file: file.address }) }; // DOC-240
  const post = { text, clientTime: null, ...more };
  return { command: { type: 'post', room, post }, keyOf: ({ number = 0 }) => ({ type: 'msg', id: [room, number] }) }; // DOC-94
}

function personChanged(
  { type, id }: Extract<Key, { type: 'fav' | 'blocked' | 'members' }>,
  { key }: PersonChild,
  on: boolean,
): IdCommand {
  if (type === 'members') return { type: on ? 'add-member' : 'remove-member', room: id, person: key.id }; // DOC-97
  const kind = type === 'fav' ? 'contact' : 'block';
  return { type: 'set-relationship', kind, other: key.id, on }; // DOC-95
}
