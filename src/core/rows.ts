import type { Ban, Entry, Mute, TakenName } from './entries.ts';
import { type RoomId, roomStream, type StreamId } from './ids.ts';
import type { Message } from './message.ts';

/** What a room is, apart from its messages. */
export type RoomRow = { readonly id: RoomId; readonly identity: string; readonly name: string };

/** The tables of current state, with what a row of each holds. */
export type Tables = {
  room: RoomRow;
  message: Message;
  mute: Mute;
  ban: Ban;
  name: TakenName;
};

export type TableName = keyof Tables;

/** A change of current state. Every one follows from an entry, so tables can be made again from the streams. */
export type RowChange =
  | { [T in TableName]: { readonly op: 'put'; readonly table: T; readonly row: Tables[T] } }[TableName]
  | { readonly op: 'drop'; readonly table: 'mute'; readonly room: RoomId; readonly skeleton: string }
  | { readonly op: 'drop'; readonly table: 'ban'; readonly skeleton: string }
  /** Blanks `message.text` in these entries of the stream: what was deleted is not kept. */
  | { readonly op: 'redact'; readonly stream: StreamId; readonly positions: readonly number[] };

/** The changes of current state that an entry means (WORLD-05). */
export function rowsOf(entry: Pick<Entry, 'body'>): RowChange[] {
  const { body } = entry;
  switch (body.type) {
    case 'room-created':
      return [{ op: 'put', table: 'room', row: { id: body.room, identity: body.identity, name: body.name } }];
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
    case 'name-taken':
      return [{ op: 'put', table: 'name', row: body.name }];
    case 'ban-set':
      return [{ op: 'put', table: 'ban', row: body.ban }];
    case 'ban-lifted':
      return [{ op: 'drop', table: 'ban', skeleton: body.skeleton }];
  }
}
