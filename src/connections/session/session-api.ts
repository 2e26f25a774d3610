import type { Font } from '../../core/model/message.ts';
import type { Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { Password } from '../../core/ports.ts';
import type { HistoryPage } from '../../core/services/history.ts';
import type { InvitationTerms, InvitationView, NewInvitation } from '../../core/services/invitations.ts';
import type { Post, PostResult } from '../../core/services/messages.ts';
import type { PersonView } from '../../core/services/people.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { SearchRequest, SearchResult } from '../../core/services/search.ts';
import type { Result } from '../../lib/result.ts';
import type { RoomId, UnitId } from '../../core/model/ids.ts';
import type { Page, Version, ViewAnswer } from '../../views/answer.ts';
import type { PersonEntry } from '../../views/live/entries.ts';
import type { Part, ViewKey } from '../../views/view-key.ts';
import type { Child, ChildrenRequest, Content } from '../../views/views.ts';
import type { IdCommand, IdResult } from './id-commands.ts';
import type { RequestName } from './repeated-requests.ts';

/** Receives the result of a request, or its refusal. */
export type Done<T> = (result: Result<T, Refusal>) => void;

/** Sends, edits or deletes a message, as the person of the session. `to` is the name of a person or a group. */
export type MessageCommand =
  | { readonly type: 'lobby'; readonly post: Post }
  | { readonly type: 'group'; readonly to: string; readonly post: Post }
  | { readonly type: 'direct'; readonly to: string; readonly post: Post }
  | { readonly type: 'edit'; readonly message: string; readonly text: string; readonly font?: Font }
  | { readonly type: 'delete'; readonly message: string };

/** Changes the person's own account, relationships or memberships. */
export type SettingsCommand =
  | { readonly type: 'status'; readonly text: string }
  | { readonly type: 'display-name'; readonly text: string }
  | { readonly type: 'password'; readonly old: Password; readonly fresh: Password }
  | { readonly type: 'contact' | 'block'; readonly name: string; readonly on: boolean }
  | { readonly type: 'create-group'; readonly name: string; readonly displayName: string | null }
  | { readonly type: 'join-group' | 'leave-group'; readonly name: string };

/** How a person logs in. */
export type LoginOptions = {
  /** Whether direct messages are delivered on this connection. */
  readonly acceptsDirect: boolean;
  /** The status to set; null keeps the present one. */
  readonly status: string | null;
  /** Whether an account is made a member of the lobby, because the protocol shows nothing else. */
  readonly lobby: boolean;
};

/** What a connection delivers. */
export type SubscriptionOptions = {
  /** All rooms of the person, the lobby alone, or none: the client fetches what it shows. */
  readonly rooms: 'all' | 'lobby' | 'none';
  /** How many of the lobby's last messages come first, even if they were delivered before. */
  readonly history: number;
  /** The person's own messages: all of them, or only those that other connections sent. */
  readonly ownMessages: 'all' | 'others';
  /**
   * The person's own messages in directs: all, only those that other connections sent, only changes of those that this
   * connection sent, or none. Null delivers no directs.
   */
  readonly direct: 'all' | 'others' | 'changes' | 'none' | null;
  /** Whether people and groups that changed are reported. */
  readonly rosterUpdates: boolean;
};

/** A person as another person sees them. `isContact` is null for oneself, and if a guest asks. */
export type Profile = PersonView & { readonly isContact: boolean | null };

/** A person as they see themselves; `status` is spelled as they wrote it. */
export type OwnProfile = {
  readonly name: string;
  readonly displayName: string;
  readonly status: string;
};

/** What was found; people as lists show them. */
export type SearchAnswer = Omit<SearchResult, 'people'> & { readonly people: readonly PersonEntry[] };

/**
 * People or groups that changed in the last second, as they are now. All connections that get one at that time get the same
 * `id`.
 */
export type RosterUpdate =
  | { readonly type: 'people'; readonly id: string; readonly people: readonly Profile[] }
  | { readonly type: 'groups'; readonly id: string; readonly groups: readonly RoomView[] };

/**
 * What a client session offers to a protocol session. Every `done` is called exactly once, at once or later, before any event
 * that the request caused is delivered on this connection. After the link is lost it may not be called.
 */
export interface SessionApi {
  /** The person who is logged in, with the current name; null before a login. */
  readonly person: Person | null;
  /** Whether the link is safe from eavesdropping: it uses TLS, or comes from this machine. */
  readonly secure: boolean;
  /** Logs in as a guest. Later requests wait. */
  enter(name: string, options: LoginOptions, done: Done<Person>): void;
  /** Logs in to an account. Later requests wait. */
  login(name: string, password: Password, options: LoginOptions, done: Done<Person>): void;
  /**
   * Logs in to an account with one of its tokens. If a person is logged in already, only checks that the token is that
   * person's. Later requests wait.
   */
  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void;
  /** Makes a new token for the account that is logged in. Later requests wait. */
  issueToken(done: Done<string>): void;
  /**
   * Revokes these tokens, as far as they are the person's; without `tokens` those that were issued or accepted in this session,
   * the last 100 of them. Then the person leaves, and the connection stays for the next login. Later requests wait.
   */
  signOut(done: Done<void>, tokens?: readonly string[]): void;
  /** Makes an account; a guest who is logged in becomes it. Later requests wait. `request` is a name that `once` gave. */
  register(
    name: string,
    displayName: string | null,
    password: Password,
    done: Done<Person>,
    request?: RequestName | null,
  ): void;
  /** Changes the name of a guest. Later requests wait. */
  rename(name: string, done: Done<Person>): void;
  /** Later requests wait if the room may have to be loaded. */
  send(command: MessageCommand, done: Done<PostResult>): void;
  /** Later requests wait. */
  changeSettings(command: SettingsCommand, done: Done<void>): void;
  /** Messages of a direct or a group, oldest first: the last `limit`, or the last before the message with the id `before`. */
  history(of: 'user' | 'group', name: string, before: string | null, limit: number, done: Done<HistoryPage>): void;
  /**
   * The names of all visible people in the lobby, in the order they entered. If others do not see this person, the person's
   * own name comes last.
   */
  presentNames(): readonly string[];
  /** The person who is logged in; null before a login. */
  ownProfile(): OwnProfile | null;
  /** The people with these names; null for a name that nobody has. */
  profiles(names: readonly string[]): readonly (Profile | null)[];
  contacts(): readonly Profile[];
  /** The groups with these names; null for one that this person does not know. */
  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void;
  /** The groups that the person is a member of. */
  ownGroups(done: Done<readonly RoomView[]>): void;
  /** The unit in which clients begin. */
  homeUnit(): UnitId;
  /** The content of a document, for somebody who has `since`. Reads after all earlier requests are done; later ones wait. */
  content(key: ViewKey, since: Version | null, done: Done<ViewAnswer<Content>>): void;
  /** A page of a document's children. Reads after all earlier requests are done; later ones wait. */
  children(key: ViewKey, request: ChildrenRequest, done: Done<ViewAnswer<Page<Child>>>): void;
  /** Looks for people, rooms and messages. Answers after all earlier requests; later ones wait. */
  search(request: SearchRequest, done: Done<SearchAnswer>): void;
  /**
   * Calls `changed` when a part of a document may have changed, for each part not again before it is asked for. Ends with the
   * login, or by the returned function. It checks no rights: to be called before `content` or `children`, and ended if that is
   * refused. If the document is a room, events of others who type there are delivered, too.
   */
  watch(key: ViewKey, changed: (part: Part) => void): () => void;
  /** Whether the person may read some part of a document that is watched. */
  mayRead(key: ViewKey): boolean;
  /**
   * Shows the others in a room that the person types there, or has stopped. Nothing happens if the person may not post there, or
   * calls this too often.
   */
  typing(room: RoomId, isTyping: boolean): void;
  /**
   * Calls `run` after `ms` milliseconds, unless the login ends before, with a new id for something that is sent unasked. Sessions
   * that began to wait together are called together, with the same id.
   */
  gather(ms: number, run: (id: string) => void): void;
  /**
   * Runs a command that names people, rooms and messages by id and number. Unlike other calls it is done when what it changed
   * is published, so that documents show it. Later requests wait, unless it posts a message. `name` is one that `once` gave.
   */
  command(command: IdCommand, done: Done<IdResult>, name?: RequestName | null): void;
  /**
   * Does a request once, although the client may send it again on a later connection of its session. `request` is a text that says
   * all about it: id, class and data. A new request is done by `run`, which passes the name on and calls `finish`; `done` gets its
   * result, or that of the first time. Later requests wait while that is looked up.
   */
  once<E = never>(
    request: string,
    run: (name: RequestName | null, finish: (result: Result<IdResult, E | Refusal>) => void) => void,
    done: (result: Result<IdResult, E | Refusal>) => void,
  ): void;
  /** Makes an invitation to a room. Later requests wait. */
  invite(room: RoomId, terms: InvitationTerms, done: Done<NewInvitation>): void;
  /** Looks where the code of an invitation leads. Later requests wait. */
  invitation(code: string, done: Done<InvitationView>): void;
  /** Deletes the account that is logged in, which ends its connections. Later requests wait. */
  deleteAccount(password: Password, done: Done<void>): void;
  /** Delivers the backlog, then events. To be called once after each login. */
  subscribe(options: SubscriptionOptions): void;
  /**
   * Names this session by a new secret: with it a client can come back to the session on another connection (`reconnect`), or
   * upload pictures. An account's session is on disk when `done` is called, unless storage fails. To be called once after each
   * login. Later requests wait.
   */
  nameSession(done: (secret: string) => void): void;
  /**
   * Goes on with the session of this secret, which takes the place of this one: later requests go to its protocol session. A secret
   * that names no session is refused as `wrong-credentials`. Later requests wait.
   */
  reconnect(secret: string, done: Done<Person>): void;
  /** Keeps the names of documents with the session; `done` is called when that is on disk or cannot be stored now. */
  keepDocuments(documents: readonly string[], done: () => void): void;
  /** The session keeps these documents no more. */
  dropDocuments(documents: readonly string[]): void;
  /** The person leaves on purpose once all requests, this one too, are answered; then the connection ends. */
  leave(): void;
  /** A new id for something that is sent unasked: never given out twice, not after a restart either. */
  eventId(): string;
  /** Counts one more request that needs no login (a ping); false if that is over the limit of this address. */
  mayPing(): boolean;
}
