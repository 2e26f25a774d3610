import type { Account } from './model/account.ts';
import type { BusMessage } from './model/bus-message.ts';
import type { Ban, Entry, EntryBody, Mute, ReadPosition, RoomBan, TakenName } from './model/entries.ts';
import type { FileInfo, Upload } from './model/file.ts';
import type { MessageId, NodeId, PersonId, RoomId, StreamId } from './model/ids.ts';
import type { Invitation } from './model/invitation.ts';
import type { Member } from './model/member.ts';
import type { Message, MessageRef, Withheld } from './model/message.ts';
import type { RoomRow } from './model/room.ts';
import type { Credential, RoomMarkers, RowChange } from './model/rows.ts';
import type { StoredSession } from './model/session.ts';
import type { Token } from './model/token.ts';
import type { Unit, UnitMember } from './model/unit.ts';
import type { Query } from '../lib/search/query.ts';

/** Entries for one stream, written only if the stream is at position `expected`. Without entries it only checks that. */
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

/** The kept result of a command, until `expires` (ms since 1970). */
export type KeptResult = Pick<Once, 'digest' | 'result' | 'expires'>;

/** Entries and the rows that follow from them, or rows that follow from none: written together or not at all. */
export type AppendItem = {
  readonly writes: readonly StreamWrite[];
  readonly rows: readonly RowChange[];
  readonly once?: Once;
};

/** The answer to one item. `conflict` brings the entries that its streams have after the expected positions. */
export type AppendResult =
  | { readonly type: 'committed' }
  | { readonly type: 'conflict'; readonly newer: readonly Entry[] }
  | { readonly type: 'repeated'; readonly digest: string; readonly result: string }
  | { readonly type: 'unavailable'; readonly reason: string };

/** The state of one stream, as loaded from the tables. Messages are read by page instead. */
export type Snapshot = {
  readonly position: number;
  /** For a room: the number of its last message, 0 without any. */
  readonly lastNumber: number;
  readonly room: RoomRow | null;
  readonly mutes: readonly Mute[];
  readonly members: readonly Member[];
  readonly roomBans: readonly RoomBan[];
  readonly invitations: readonly Invitation[];
  /** The withheld messages, by ascending number. */
  readonly withheld: readonly Withheld[];
  /** For the directory. */
  readonly bans: readonly Ban[];
  readonly names: readonly TakenName[];
  readonly accounts: readonly Account[];
  readonly units: readonly Unit[];
  readonly unitMembers: readonly UnitMember[];
  /** For a person. */
  readonly contacts: readonly PersonId[];
  readonly blocks: readonly PersonId[];
  readonly memberships: readonly Member[];
  readonly read: readonly ReadPosition[];
  readonly passwordPosition: number | null;
  readonly tokens: readonly Token[];
  readonly uploads: readonly Upload[];
};

/** A position that a stream has reached. */
export type StreamPosition = readonly [StreamId, number];

/** Messages in ascending number, all as they were when the room's stream was at `position`. */
export type MessagePage = { readonly position: number; readonly messages: readonly Message[] };

/** Messages of one author; `next` is the `after` of the next call, null after the last message of all. */
export type AuthoredMessages = { readonly ids: readonly MessageId[]; readonly next: number | null };

/** Who looks for what. */
export type Search = {
  /** Without a phrase everything fits it. */
  readonly query: Query;
  readonly kinds: readonly ('account' | 'room' | 'message')[];
  /** Messages that are withheld from others are found by their author alone. */
  readonly reader: PersonId;
  /** The rooms that the reader is in: no other room's messages are found, and other rooms only if they are open. */
  readonly rooms: readonly RoomId[];
  /** Only messages of this author. */
  readonly author: PersonId | null;
  /** Only messages that were posted before this one. */
  readonly before: MessageRef | null;
  /** The most of each kind. */
  readonly limit: number;
};

/** What was found: messages newest first, accounts and groups as `bestFirst` sorts them. Directs are not found. */
export type Found = {
  readonly accounts: readonly Account[];
  readonly rooms: readonly RoomRow[];
  readonly messages: readonly Message[];
};

/** Durable storage. `append` is the only write; reads see committed state only and reject when storage is unavailable. */
export interface Storage {
  /** Names this history of the server: another one after a backup was restored. */
  readonly identity: string;
  /** Answers each item on its own, in order; a `committed` item survives a crash and power loss. Never rejects. */
  append(batch: readonly AppendItem[]): Promise<readonly AppendResult[]>;
  /**
   * The streams that other nodes wrote to since the last call, with positions that they have reached; null if that is not
   * known, so that every stream may have changed. The first call counts from when the store was opened.
   */
  changes(): Promise<readonly StreamPosition[] | null>;
  /** The last position of each stream, 0 for one without entries. */
  positions(streams: readonly StreamId[]): Promise<readonly number[]>;
  /** At most `limit` entries after a position, in order. */
  entries(stream: StreamId, after: number, limit: number): Promise<readonly Entry[]>;
  load(stream: StreamId): Promise<Snapshot>;
  /** The last `limit` messages with a number below `before` (`null`: the newest). */
  page(room: RoomId, before: number | null, limit: number): Promise<MessagePage>;
  message(id: MessageId): Promise<Message | null>;
  /** Null for a person without a password. */
  credential(person: PersonId): Promise<Credential | null>;
  /** The token of this digest, expired or not; null where there is none. */
  token(digest: string): Promise<Token | null>;
  /** The invitation of this digest, ended by time or not; null where there is none. */
  invitation(digest: string): Promise<Invitation | null>;
  /** The session of this digest, expired or not; null where there is none. */
  session(digest: string): Promise<StoredSession | null>;
  /** What a command that may be sent again came to the first time, expired or not; null if that is not kept. */
  keptResult(scope: string, key: string): Promise<KeptResult | null>;
  /** Up to which messages rooms were delivered to the person. */
  deliveryMarkers(person: PersonId): Promise<RoomMarkers>;
  /** The two furthest read positions of different people in the room, the furthest first; of equal ones any. */
  furthestReads(room: RoomId): Promise<readonly ReadPosition[]>;
  /** The people who have this person as a contact, or block the person. */
  relatedTo(person: PersonId): Promise<readonly PersonId[]>;
  /** The messages of this author among the next `limit` of all messages, in the order in which they were posted. */
  messagesBy(person: PersonId, after: number, limit: number): Promise<AuthoredMessages>;
  /** The file of this id, whether a message names it or not; null where there is none. */
  file(id: string): Promise<FileInfo | null>;
  /** The bytes of all files of a person, each counted once for each time it was uploaded. */
  fileBytes(person: PersonId): Promise<number>;
  /** Files that were uploaded at this moment or before (ms since 1970) and that no message names, the oldest first. */
  uploadsBefore(at: number, limit: number): Promise<readonly Upload[]>;
  /** Those of these digests that any file has. */
  namedDigests(digests: readonly string[]): Promise<readonly string[]>;
  /** Null while storage is too busy to search: too many searches wait, or what it looks in is being made. */
  search(search: Search): Promise<Found | null>;
  close(): Promise<void>;
}

/** A password as the client sent it: the text itself, or the SHA-256 of its UTF-8 as 64 hex digits in upper or lower case. */
export type Password = { readonly type: 'plain' | 'sha256'; readonly value: string };

/** Slow hashes of passwords, computed off the event loop. They resolve to null when too many are waiting, and never reject. */
export interface Passwords {
  /** The verifier to store: argon2id over the lower-case hex SHA-256, with its salt and parameters in it. */
  hash(password: Password): Promise<string | null>;
  /** Whether the password matches the verifier. Without a verifier (`null`) it takes as long and resolves to false. */
  verify(password: Password, verifier: string | null): Promise<boolean | null>;
}

/** The result of a claim: won, or lost to the holder of the name. */
export type Claim = { readonly won: true } | { readonly won: false; readonly person: PersonId; readonly node: NodeId };

/** What a node learns when it renews its lease. */
export type Lease = {
  /** False if the lease had run out, or is the node's first: its names may have been given to others. */
  readonly unbroken: boolean;
  /**
   * All nodes whose lease was not ended, this one too. A lease that ran out stays until a node ends it that may: so a node that is
   * missing here is dead, and one that could not renew is not.
   */
  readonly nodes: readonly NodeId[];
};

/** Names in use, over all nodes. Of all who claim a name at once exactly one wins; the holder wins it again. */
export interface Names {
  /** How long a lease lasts after its last renewal: LEASE_MS, or Infinity where no other node can be. */
  readonly leaseMs: number;
  /** Rejects if the node holds no lease, or it has run out. */
  claim(skeleton: string, person: PersonId, node: NodeId): Promise<Claim>;
  /** Frees the name if that person holds it; otherwise nothing happens. */
  release(skeleton: string, person: PersonId): Promise<void>;
  /**
   * Begins or extends the lease of a node: it runs out `leaseMs` after this by the clock of the service, unless it is renewed.
   * A node whose own lease was unbroken for that long also ends the leases that have run out, and frees their names.
   */
  renew(node: NodeId): Promise<Lease>;
  /** Ends the lease of a node and frees its names. */
  leave(node: NodeId): Promise<void>;
}

/** How long a node of a cluster counts as alive after its last renewal. */
export const LEASE_MS = 8_000;

/** Where a bus message goes: to all nodes, to one node, or to the nodes that have a stream in memory. */
export type Subject = 'nodes' | `node/${NodeId}` | StreamId;

/** Carries messages between nodes; may lose, repeat and reorder them. A node does not receive its own. */
export interface Bus {
  /**
   * The most bytes that one message may have, as JSON in UTF-8. The bus drops larger ones and logs that. 0 if there is no other
   * node and never will be: then nothing need be published or subscribed to.
   */
  readonly maxBytes: number;
  publish(subject: Subject, message: BusMessage): void;
  /** Returns the function that ends the subscription. */
  subscribe(subject: Subject, receive: (message: BusMessage) => void): () => void;
  /** Calls `run` each time this node is connected again after it was cut off; returns the function that ends that. */
  onReconnect(run: () => void): () => void;
}

export interface Clock {
  /** Milliseconds since 1970, for stamps that people see. May jump. */
  now(): number;
  /** Milliseconds since an arbitrary moment; never goes back. For deadlines and rates. */
  monotonic(): number;
  /** Calls `run` once after `ms` milliseconds; returns the function that prevents it. */
  after(ms: number, run: () => void): () => void;
  /** Calls `run` once at the end of this event-loop turn, when everything that arrived in it is handled. */
  endOfTurn(run: () => void): void;
  /** Calls `run` once after about a millisecond, so that more requests can arrive first. */
  soon(run: () => void): void;
}

export interface Ids {
  /** A UUIDv7. */
  message(): MessageId;
  /** A random integer from 1 to 2^53-1: a new person or room. */
  integer(): number;
  /** 128 random bits as text: identifies a room's history, or a node. */
  identity(): string;
  /** A new token: a random UUID, version 4. Stored nowhere, and never logged. */
  secret(): string;
  /** A new code for a link: 128 random bits as base64url. Stored nowhere, and never logged. */
  code(): string;
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
  /** This process, for the other nodes. */
  readonly node: NodeId;
  readonly storage: Storage;
  readonly names: Names;
  readonly passwords: Passwords;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
};
