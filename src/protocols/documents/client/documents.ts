import type { Key } from '../schema.ts';

// What the rules DOC-110 to DOC-119 and DOC-142 say that documents contain, as types. The client does not check it.

/** The key of a document of this type. */
export type KeyOf<T extends Key['type']> = Extract<Key, { type: T }>;

type Presence = 'online' | 'away' | 'busy' | 'offline';
type Role = 'member' | 'moderator' | 'owner';

/** A person. */
export type User = {
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly display_name: string;
  /** A path below `config.media_server` of the session. */
  readonly picture: string;
  readonly presence: Presence;
  readonly connected: boolean;
  readonly status: string | null;
  readonly username: string;
  readonly guest: boolean;
};

/** A person in a list; in `members` with the role. */
export type PersonEntry = Pick<User, 'display_name' | 'picture' | 'presence' | 'connected'> & {
  readonly key: KeyOf<'user'>;
  /** Null for a guest in the lobby. */
  readonly role?: Role | null;
};

/** A room; a direct has no `groupname`. */
export type Room = {
  readonly name: string;
  readonly groupname?: string;
  readonly open: boolean;
  /** The first 100. */
  readonly members: readonly { readonly key: KeyOf<'user'> }[];
  readonly members_total: number;
};

/** A room in the list of a person's rooms. */
export type RoomEntry = {
  readonly key: KeyOf<'room'>;
  readonly name: string;
  readonly groupname?: string;
  readonly direct: boolean;
  readonly unread: number;
  readonly last_msg: MessageEntry | null;
  /** The first 10. */
  readonly members: readonly { readonly key: KeyOf<'user'> }[];
  readonly members_total: number;
  /** The number of the last message, how far the person has read, and how far the furthest of the others. */
  readonly number: number;
  readonly seen: number;
  readonly seen_by: number;
};

/** A file on the server, as it answers its upload. `width` and `height`, in pixels, are those of a picture. */
export type SentFile = {
  /** The path of the file on the server. */
  readonly address: string;
  readonly name: string;
  readonly size: number;
  readonly type: string;
  readonly width?: number;
  readonly height?: number;
};

/** A message; times are in milliseconds since 1970. The text of one with a file ends with a line that ends with its address. */
export type PostedMessage = {
  readonly sender: { readonly key: KeyOf<'user'>; readonly name: string };
  readonly time: number;
  readonly text: string;
  readonly edited: number | null;
  /** By which protocol it came, such as `c2`; missing if the server did not note it. */
  readonly via?: string;
  readonly font?: { readonly family?: string; readonly color?: string; readonly style?: string };
  readonly reply_to?: KeyOf<'msg'>;
  readonly file?: SentFile;
};

/** What is left of a message that was deleted. */
export type DeletedMessage = { readonly deleted: true };

/** A message on a page of its room. */
export type MessageEntry = (PostedMessage | DeletedMessage) & { readonly key: KeyOf<'msg'> };

/** A unit in a list. */
export type UnitEntry = { readonly key: KeyOf<'unit'>; readonly name: string };

/** A room that a search has found; `joined` if the person is in it. */
export type FoundRoom = Pick<RoomEntry, 'key' | 'name' | 'groupname' | 'direct'> & { readonly joined: boolean };

/** What a search has found. If there are more messages, `next` is what the next search takes as `before`. */
export type Found = {
  readonly users: readonly PersonEntry[];
  readonly rooms: readonly FoundRoom[];
  readonly msgs: readonly MessageEntry[];
  readonly next?: KeyOf<'msg'>;
};

type None = { readonly [field: string]: never };

type Contents = {
  readonly user: User;
  readonly room: Room;
  readonly msg: (PostedMessage | DeletedMessage) & { readonly read: boolean };
  readonly member: { readonly role: Role; readonly muted_until: number | null };
  readonly index: { readonly home: KeyOf<'unit'> };
  readonly unit: { readonly name: string; readonly parent: KeyOf<'unit'> | null };
  readonly rooms: None;
  readonly conversations: None;
  readonly fav: None;
  readonly blocked: None;
  readonly members: None;
};

type Entries = {
  readonly room: MessageEntry;
  readonly rooms: RoomEntry;
  readonly conversations: RoomEntry;
  readonly fav: PersonEntry;
  readonly blocked: PersonEntry;
  readonly members: PersonEntry;
  readonly unit: PersonEntry | UnitEntry;
  readonly index: UnitEntry;
  readonly user: never;
  readonly msg: never;
  readonly member: never;
};

/** The content of a document with a key of this type. */
export type ContentOf<T extends Key['type']> = Contents[T];

/** An entry on a page of its children. */
export type EntryOf<T extends Key['type']> = Entries[T];
