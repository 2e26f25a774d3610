import type { Account } from '../model/account.ts';
import type { Ban, Entry, Mute, ReadPosition, TakenName, Relationship } from '../model/entries.ts';
import { type PersonId, personStream, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { Member } from '../model/member.ts';
import type { Message } from '../model/message.ts';
import { type RoomRow, roomRowOf } from '../model/room.ts';
import type { Token } from '../model/token.ts';

/** What a password is checked against, and the position of the entry that set it. */
export type Credential = { readonly person: PersonId; readonly verifier: string; readonly position: number };

/** How far each room was shown to a person by any connection: message numbers. Follows from no entry. */
export type DeliveryMarkerRow = { readonly person: PersonId; readonly rooms: readonly (readonly [RoomId, number])[] };

/** The tables of current state, with what a row of each holds. */
export type Tables = {
  room: RoomRow;
  message: Message;
  mute: Mute;
  member: Member;
  ban: Ban;
  name: TakenName;
  account: Account;
  credential: Credential;
  contact: Relationship;
  block: Relationship;
  read: ReadPosition;
  token: Token;
  shown: DeliveryMarkerRow;
};

export type TableName = keyof Tables;

/** A change of current state. All but `shown` follow from an entry, so those tables can be made again from the streams. */
export type RowChange =
  | { [T in TableName]: { readonly op: 'put'; readonly table: T; readonly row: Tables[T] } }[TableName]
  | { readonly op: 'drop'; readonly table: 'mute'; readonly room: RoomId; readonly skeleton: string }
  | { readonly op: 'drop'; readonly table: 'ban'; readonly skeleton: string }
  | { readonly op: 'drop'; readonly table: 'member'; readonly room: RoomId; readonly person: PersonId }
  | ({ readonly op: 'drop'; readonly table: 'contact' | 'block' } & Relationship)
  | { readonly op: 'drop'; readonly table: 'token'; readonly digest: string }
  | { readonly op: 'drop-all'; readonly table: 'token'; readonly person: PersonId }
  /** Blanks `message.text`, or `verifier`, in these entries of the stream: what was deleted is not kept. */
  | { readonly op: 'redact'; readonly stream: StreamId; readonly positions: readonly number[] };

/** The changes of current state that an entry means (WORLD-05). */
export function project(entry: Pick<Entry, 'body' | 'position'>): RowChange[] {
  const { body } = entry;
  switch (body.type) {
    case 'room-created':
      return [{ op: 'put', table: 'room', row: roomRowOf(body) }];
    case 'message-posted':
    case 'message-edited':
      return [{ op: 'put', table: 'message', row: body.message }];
    case 'message-deleted': {
      const { room, position, edits } = body.message;
      return [
        { op: 'put', table: 'message', row: body.message },
        { op: 'redact', stream: roomStream(room), positions: [position, ...edits] },
      ];
    }
    case 'person-muted':
      return [{ op: 'put', table: 'mute', row: body.mute }];
    case 'person-unmuted':
      return [{ op: 'drop', table: 'mute', room: body.room, skeleton: body.skeleton }];
    case 'member-joined':
    case 'member-changed':
      return [{ op: 'put', table: 'member', row: body.member }];
    case 'member-left':
      return [{ op: 'drop', table: 'member', room: body.room, person: body.person }];
    case 'room-joined':
    case 'room-left':
      return []; // The room's own entry, in the same append, says it.
    case 'password-set': {
      const { person, verifier, replaces } = body;
      const row: RowChange = { op: 'put', table: 'credential', row: { person, verifier, position: entry.position } };
      return replaces === null ? [row] : [row, { op: 'redact', stream: personStream(person), positions: [replaces] }];
    }
    case 'contact-added':
      return [{ op: 'put', table: 'contact', row: relationshipOf(body) }];
    case 'contact-removed':
      return [{ op: 'drop', table: 'contact', ...relationshipOf(body) }];
    case 'block-added':
      return [{ op: 'put', table: 'block', row: relationshipOf(body) }];
    case 'block-removed':
      return [{ op: 'drop', table: 'block', ...relationshipOf(body) }];
    case 'room-read':
      return [{ op: 'put', table: 'read', row: { person: body.person, room: body.room, number: body.number } }];
    case 'token-issued':
      return [{ op: 'put', table: 'token', row: body.token }];
    case 'token-revoked':
      return [{ op: 'drop', table: 'token', digest: body.digest }];
    case 'tokens-revoked':
      return [{ op: 'drop-all', table: 'token', person: body.person }];
    case 'account-created':
    case 'account-changed':
      return [{ op: 'put', table: 'account', row: body.account }];
    case 'name-taken':
      return [{ op: 'put', table: 'name', row: body.name }];
    case 'ban-set':
      return [{ op: 'put', table: 'ban', row: body.ban }];
    case 'ban-lifted':
      return [{ op: 'drop', table: 'ban', skeleton: body.skeleton }];
  }
}

function relationshipOf({ person, other }: Relationship): Relationship {
  return { person, other };
}
