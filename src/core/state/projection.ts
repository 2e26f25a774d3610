import type { Entry, Relationship, RoomEntry } from '../model/entries.ts';
import type { FileInfo } from '../model/file.ts';
import { personStream, roomStream } from '../model/ids.ts';
import type { Message } from '../model/message.ts';
import type { RoomRow } from '../model/room.ts';
import { endOfSessions, PERSON_TABLES, type RowChange } from '../model/rows.ts';
import type { UnitMember } from '../model/unit.ts';

/** The changes of the tables that follow from an entry (WORLD-05), and the sessions that it ends (WORLD-200, WORLD-206). */
export function project(entry: Pick<Entry, 'body' | 'position'>): RowChange[] {
  const { body } = entry;
  switch (body.type) {
    case 'room-created':
      return [{ op: 'put', table: 'room', row: roomRowOf(body) }];
    case 'room-renamed':
      return [{ op: 'put', table: 'room', row: body.row }];
    case 'message-posted': {
      const { message } = body;
      const row: RowChange = { op: 'put', table: 'message', row: message };
      return message.file === undefined ? [row] : [row, fileOf(message, message.file)];
    }
    case 'message-edited':
      return [{ op: 'put', table: 'message', row: body.message }];
    case 'message-deleted': {
      const { room, number, position, edits } = body.message;
      return [
        { op: 'put', table: 'message', row: body.message },
        { op: 'drop', table: 'file', room, number }, // WORLD-245
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
    case 'member-banned':
      return [{ op: 'put', table: 'room_ban', row: body.ban }];
    case 'member-unbanned':
      return [{ op: 'drop', table: 'room_ban', room: body.room, person: body.person }];
    case 'invitation-made':
    case 'invitation-used':
      return [{ op: 'put', table: 'invitation', row: body.invitation }];
    case 'invitation-ended':
      return [{ op: 'drop', table: 'invitation', digest: body.digest }];
    case 'room-joined':
    case 'room-left':
      return []; // The room's entry in the same append changes the table.
    case 'password-set': {
      const { person, verifier, replaces } = body;
      const row: RowChange = { op: 'put', table: 'credential', row: { person, verifier, position: entry.position } };
      if (replaces === null) return [row];
      return [row, { op: 'redact', stream: personStream(person), positions: [replaces] }, ...endOfSessions(person)]; // WORLD-200
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
    case 'token-revoked': {
      const { person, digest, why } = body;
      const dropped: RowChange = { op: 'drop', table: 'token', digest };
      return why === 'asked' ? [dropped, { op: 'end-sessions', person, token: digest }] : [dropped]; // WORLD-206
    }
    case 'tokens-revoked':
      return [{ op: 'drop-all', table: 'token', person: body.person }];
    case 'file-uploaded':
      return [{ op: 'put', table: 'upload', row: body.upload }];
    case 'upload-ended':
      return [
        { op: 'drop', table: 'upload', id: body.id },
        { op: 'redact', stream: personStream(body.person), positions: [body.uploaded] }, // WORLD-246
      ];
    case 'person-erased': {
      const { person, replaces, uploads = [] } = body;
      const dropped = PERSON_TABLES.map((table): RowChange => ({ op: 'drop-all', table, person }));
      const positions = [...(replaces === null ? [] : [replaces]), ...uploads];
      const erased: RowChange = { op: 'redact', stream: personStream(person), positions };
      return positions.length === 0 ? dropped : [...dropped, erased]; // WORLD-121 WORLD-247
    }
    case 'account-created':
    case 'account-changed':
    case 'account-deleted':
      return [{ op: 'put', table: 'account', row: body.account }];
    case 'unit-created':
    case 'unit-changed':
      return [{ op: 'put', table: 'unit', row: body.unit }];
    case 'unit-removed':
      return [
        { op: 'drop-all', table: 'unit_member', unit: body.id },
        { op: 'drop', table: 'unit', id: body.id },
      ];
    case 'unit-member-added':
      return [{ op: 'put', table: 'unit_member', row: unitMemberOf(body) }];
    case 'unit-member-removed':
      return [{ op: 'drop', table: 'unit_member', ...unitMemberOf(body) }];
    case 'name-taken':
      return [{ op: 'put', table: 'name', row: body.name }];
    case 'ban-set':
      return [{ op: 'put', table: 'ban', row: body.ban }];
    case 'ban-lifted':
      return [{ op: 'drop', table: 'ban', skeleton: body.skeleton }];
  }
}

function fileOf({ room, number, author }: Message, file: FileInfo): RowChange {
  return { op: 'put', table: 'file', row: { ...file, person: author.id, room, number } };
}

function relationshipOf({ person, other }: Relationship): Relationship {
  return { person, other };
}

function unitMemberOf({ unit, person }: UnitMember): UnitMember {
  return { unit, person };
}

/** The row of a room, from the entry that made it. */
export function roomRowOf({
  type: _type,
  at: _at,
  room,
  ...facts
}: Extract<RoomEntry, { type: 'room-created' }>): RoomRow {
  return { id: room, ...facts };
}
