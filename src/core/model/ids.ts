/** A person: an integer from 1 to 2^53-1, never reused. */
export type PersonId = number;

/** A room: an integer from 1 to 2^53-1. */
export type RoomId = number;

/** A message: a UUIDv7 in its canonical lower-case form. */
export type MessageId = string;

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
