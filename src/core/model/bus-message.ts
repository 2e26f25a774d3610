import type { Status } from '../text/status.ts';
import type { NodeId, PersonId, RoomId, StreamId } from './ids.ts';
import type { Departure } from './person.ts';

/** What one node reports of a person who is present there. */
export type PresenceRecord = {
  readonly person: PersonId;
  readonly name: string;
  readonly skeleton: string;
  /** When the person entered. */
  readonly since: number;
  /** False for a guest. */
  readonly account: boolean;
  readonly status: Status;
  /** When the status was set: the status that was set last counts. */
  readonly statusAt: number;
  /** Whether one of the person's connections there shows direct messages. */
  readonly acceptsDirect: boolean;
};

/** One change of what a node reports. Versions grow by one in each node, so that late changes are recognised. */
export type PresenceChange = {
  readonly version: number;
  readonly person: PersonId;
  readonly record: PresenceRecord | null;
  /** How the person left, when the record is null. */
  readonly departure: Departure | null;
};

/** A person types in a room, or has stopped. `position` is that of the room at that moment. */
export type TypingReport = {
  readonly person: PersonId;
  readonly room: RoomId;
  readonly position: number;
  readonly isTyping: boolean;
};

/** What nodes tell each other. All of it may be lost, repeated or late; nothing durable rests on it. */
export type BusMessage =
  | { readonly type: 'positions'; readonly node: NodeId; readonly positions: readonly (readonly [StreamId, number])[] }
  | { readonly type: 'presence'; readonly node: NodeId; readonly changes: readonly PresenceChange[] }
  | {
      readonly type: 'snapshot';
      readonly node: NodeId;
      readonly version: number;
      readonly records: readonly PresenceRecord[];
    }
  | { readonly type: 'typing'; readonly node: NodeId; readonly report: TypingReport }
  | { readonly type: 'challenge'; readonly node: NodeId; readonly to: NodeId; readonly person: PersonId }
  | {
      readonly type: 'answer';
      readonly node: NodeId;
      readonly to: NodeId;
      readonly person: PersonId;
      readonly alive: boolean;
    }
  | { readonly type: 'kick'; readonly node: NodeId; readonly person: PersonId; readonly reason: string };
