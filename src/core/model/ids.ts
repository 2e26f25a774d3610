/** A person: an integer from 1 to 2^53-1, never reused. */
export type PersonId = number;

/** A room: an integer from 1 to 2^53-1. */
export type RoomId = number;

/** A unit: an integer from 1 to 2^53-1; 1 is the unit of everyone. */
export type UnitId = number;

/** A message: a UUIDv7 in its canonical lower-case form. */
export type MessageId = string;

/** The id that a client's text means: a UUID may be written in upper or lower case. */
export function messageIdOf(text: string): MessageId {
  return text.toLowerCase(); // WORLD-99
}

/** A running server process; a new one at each start. */
export type NodeId = string;

/** The name of a stream: the directory, a room or a person. */
export type StreamId = 'directory' | `room/${RoomId}` | `person/${PersonId}`;

export const directoryStream: StreamId = 'directory';

export function roomStream(room: RoomId): StreamId {
  return `room/${room}`;
}

export function personStream(person: PersonId): StreamId {
  return `person/${person}`;
}

/** The kind of a stream, and the id of its room or person; 0 for the directory. */
export function parseStream(stream: StreamId): { readonly kind: 'directory' | 'room' | 'person'; readonly id: number } {
  const slash = stream.indexOf('/');
  if (slash === -1) return { kind: 'directory', id: 0 };
  return { kind: stream.startsWith('room/') ? 'room' : 'person', id: Number(stream.slice(slash + 1)) };
}
