import type { Account } from './model/account.ts';
import type { Ban, Entry, EntryBody, Mute, ReadPosition, TakenName } from './model/entries.ts';
import type { BusMessage } from './model/bus-message.ts';
import type { MessageId, NodeId, PersonId, RoomId, StreamId } from './model/ids.ts';
import type { Member } from './model/member.ts';
import type { Message } from './model/message.ts';
import type { RoomRow } from './model/room.ts';
import type { Credential, RowChange, DeliveryMarkerRow } from './model/rows.ts';
import type { Token } from './model/token.ts';

/** Entries for one stream, and the position it must stand at for them to be written; without entries, that is all it asks. */
export type StreamWrite = {
  readonly stream: StreamId;
  readonly expected: number;
  readonly entries: readonly EntryBody[];
};

/** Makes a command that may be sent again happen once: the first result is kept until `expires` (ms since 1970). */
export type Once = {
  readonly scope: string;
  readonly key: string;
  readonly digest: string;
  readonly result: string;
  readonly expires: number;
};

/** What is written together or not at all: entries of streams and the rows that follow from them, or rows alone that follow from none. */
export type AppendItem = {
  readonly writes: readonly StreamWrite[];
  readonly rows: readonly RowChange[];
  readonly once?: Once;
};

/** The answer to one item. `conflict` brings what the stale streams have gained since the expected position. */
export type AppendResult =
  | { readonly type: 'committed' }
  | { readonly type: 'conflict'; readonly newer: readonly Entry[] }
  | { readonly type: 'repeated'; readonly digest: string; readonly result: string }
  | { readonly type: 'unavailable'; readonly reason: string };

/** The state a stream stands at, from the tables; messages are read by page instead. */
export type Snapshot = {
  readonly position: number;
  /** For a room: the number of its last message, 0 without any. */
  readonly lastNumber: number;
  readonly room: RoomRow | null;
  readonly mutes: readonly Mute[];
  readonly members: readonly Member[];
  /** For the directory. */
  readonly bans: readonly Ban[];
  readonly names: readonly TakenName[];
  readonly accounts: readonly Account[];
  /** For a person: those tied to, the rooms as a member, how far they are read, where the password was set, and the tokens. */
  readonly contacts: readonly PersonId[];
  readonly blocks: readonly PersonId[];
  readonly memberships: readonly Member[];
  readonly read: readonly ReadPosition[];
  readonly passwordPosition: number | null;
  readonly tokens: readonly Token[];
};

/** Messages in ascending number, all as they stood when the room's stream was at `position`. */
export type MessagePage = { readonly position: number; readonly messages: readonly Message[] };

/** Where facts last. `append` is the only write; reads see committed state only and reject when storage is unavailable. */
export interface Storage {
  /** Answers each item alone, in order; what is `committed` survives a crash and power loss. Never rejects. */
  append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]>;
  /** The last position of each stream, 0 for one without entries. */
  positions(streams: readonly StreamId[]): Promise<readonly number[]>;
  /** At most `limit` entries after a position, in order. */
  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]>;
  load(stream: StreamId): Promise<Snapshot>;
  /** The last `limit` messages with a number below `before` (`null`: the newest). */
  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage>;
  message(id: MessageId): Promise<Message | null>;
  /** What the person's password is checked against, and which entry set it; null where there is none. */
  credential(person: PersonId): Promise<Credential | null>;
  /** The token of this digest as it was put last, expired or not; null where there is none. */
  token(digest: string): Promise<Token | null>;
  /** How far rooms were shown to the person; empty where nothing is known. */
  deliveryMarkers(person: PersonId): Promise<DeliveryMarkerRow['rooms']>;
  close(): Promise<void>;
}

/** A password as a wire brought it: the words themselves, or the SHA-256 of their UTF-8 as 64 hex digits in any case. */
export type Password = { readonly type: 'plain' | 'sha256'; readonly value: string };

/** Slow hashes of passwords, made elsewhere than on the event loop. Null: too many are waiting already. Never reject. */
export interface Passwords {
  /** A verifier to keep: argon2id over the lower-case hex SHA-256, with its own salt and parameters in it. */
  hash(password: Password): Promise<string | null>;
  /** Whether it is the password of the verifier; takes as long for a verifier of nobody (`null`), and says false then. */
  verify(password: Password, verifier: string | null): Promise<boolean | null>;
}

/** What a claim of a name comes to: exactly one of all who ask at once gets it. */
export type Claim = { readonly won: true } | { readonly won: false; readonly person: PersonId; readonly node: NodeId };

/** Who bears which name now, over all nodes. Claiming what one already holds is won again. */
export interface Names {
  claim(skeleton: string, person: PersonId, node: NodeId): Promise<Claim>;
  /** Frees the name if that person holds it; otherwise nothing happens. */
  release(skeleton: string, person: PersonId): Promise<void>;
  /** Frees all names that a vanished node held. */
  releaseNode(node: NodeId): Promise<void>;
}

/** Carries hints between nodes; may lose, repeat and reorder them. A node does not receive its own. */
export interface Bus {
  publish(message: BusMessage): void;
  /** Returns the function that ends it. */
  subscribe(receive: (message: BusMessage) => void): () => void;
}

export interface Clock {
  /** Milliseconds since 1970, for stamps that people see. May jump. */
  now(): number;
  /** Milliseconds since some moment; never goes back. For deadlines and rates. */
  monotonic(): number;
  /** Calls once after so many milliseconds; returns the function that prevents it. */
  after(ms: number, run: () => void): () => void;
  /** Calls once when what has arrived in this turn of the event loop is handled. */
  endOfTurn(run: () => void): void;
  /** Calls once after about a millisecond, when what was on its way has had time to arrive. */
  soon(run: () => void): void;
}

export interface Ids {
  /** A UUIDv7. */
  message(): MessageId;
  /** A random integer from 1 to 2^53-1: a new person or room. */
  integer(): number;
  /** 128 random bits as text: names one history, or one node. */
  identity(): string;
  /** 128 random bits that nobody can guess, in the form of a UUID: a token. Kept nowhere, and never logged. */
  secret(): string;
}

/** Structured events; never the contents of messages, never secrets. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

export type LogFields = { readonly [field: string]: string | number | boolean | null };

/** Everything the world is given from outside. */
export type Ports = {
  readonly storage: Storage;
  readonly names: Names;
  readonly passwords: Passwords;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
};
