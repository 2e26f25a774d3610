import type { Status } from '../text/status.ts';
import type { EntryBody } from './entries.ts';
import type { NodeId, PersonId, RoomId } from './ids.ts';
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

/** The changes of a node after the version `since` up to `version`, in order, without those that a later one replaced. */
export type PresenceUpdate = {
  readonly since: number;
  readonly version: number;
  readonly changes: readonly PresenceChange[];
};

/** A part of all that a node reports at a version; parts are numbered 0, 1, 2 ... up to the last. */
export type PresencePart = {
  readonly version: number;
  readonly part: number;
  readonly isLast: boolean;
  readonly records: readonly PresenceRecord[];
};

/** A person types in a room, or has stopped. `position` is that of the room at that moment. */
export type TypingReport = {
  readonly person: PersonId;
  readonly room: RoomId;
  readonly position: number;
  readonly isTyping: boolean;
};

/** What travels on the subject of a stream, to the nodes that have it in memory. */
export type StreamMessage =
  /** Entries that follow on each other; `position` is that of the first. */
  | {
      readonly type: 'entries';
      readonly node: NodeId;
      readonly position: number;
      readonly bodies: readonly EntryBody[];
    }
  /** The stream has reached this position, by an entry that is too large for the bus. */
  | { readonly type: 'position'; readonly node: NodeId; readonly position: number }
  | { readonly type: 'typing'; readonly node: NodeId; readonly report: TypingReport };

/** What a limit counted on the node that tells: of an address, as `countedAddress` writes it, or of a person. */
export type Attempt =
  /** A success is told only if failures of this address on the name were known. The name is a skeleton. */
  | { readonly type: 'login-failed' | 'login-succeeded'; readonly address: string; readonly name: string }
  | { readonly type: 'registered' | 'unknown-session' | 'unknown-invitation'; readonly address: string }
  | { readonly type: 'group-made'; readonly person: PersonId };

/** What travels to all nodes, or to one. */
export type NodeMessage =
  /** Comes each second: the version of what the node reports. */
  | { readonly type: 'heartbeat'; readonly node: NodeId; readonly version: number }
  | ({ readonly type: 'presence'; readonly node: NodeId } & PresenceUpdate)
  /** The node has all changes of the receiver up to this version, and asks for the later ones. */
  | { readonly type: 'ask'; readonly node: NodeId; readonly version: number }
  | ({ readonly type: 'people'; readonly node: NodeId } & PresencePart)
  | { readonly type: 'challenge'; readonly node: NodeId; readonly person: PersonId }
  | { readonly type: 'answer'; readonly node: NodeId; readonly person: PersonId; readonly alive: boolean }
  | { readonly type: 'kick'; readonly node: NodeId; readonly person: PersonId; readonly reason: string }
  | { readonly type: 'attempts'; readonly node: NodeId; readonly attempts: readonly Attempt[] };

/** What nodes tell each other. All of it may be lost, repeated or late; nothing durable rests on it. */
export type BusMessage = StreamMessage | NodeMessage;
