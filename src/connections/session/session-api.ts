import type { Person } from '../../core/model/person.ts';
import type { HistoryPage } from '../../core/services/history.ts';
import type { Font } from '../../core/model/message.ts';
import type { Post, PostResult } from '../../core/services/messages.ts';
import type { PersonView } from '../../core/services/people.ts';
import type { Password } from '../../core/ports.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { Result } from '../../lib/result.ts';

export type Done<T> = (result: Result<T, Refusal>) => void;

/** What an author asks of the world about messages; the connection adds who asks. People and groups go by their names. */
export type MessageCommand =
  | { readonly type: 'lobby'; readonly post: Post }
  | { readonly type: 'group'; readonly to: string; readonly post: Post }
  | { readonly type: 'direct'; readonly to: string; readonly post: Post }
  | { readonly type: 'edit'; readonly message: string; readonly text: string; readonly font?: Font }
  | { readonly type: 'delete'; readonly message: string };

/** What somebody changes about oneself, or about what one keeps. */
export type SettingsCommand =
  | { readonly type: 'status'; readonly text: string }
  | { readonly type: 'display-name'; readonly text: string }
  | { readonly type: 'password'; readonly old: Password; readonly fresh: Password }
  | { readonly type: 'contact' | 'block'; readonly name: string; readonly on: boolean }
  | { readonly type: 'create-group'; readonly name: string; readonly displayName: string | null }
  | { readonly type: 'join-group' | 'leave-group'; readonly name: string };

/** How a connection comes in. */
export type LoginOptions = {
  /** Whether it shows direct messages. */
  readonly acceptsDirect: boolean;
  /** The status to begin with; null leaves it as it is. */
  readonly status: string | null;
  /** Whether the person is to be in the lobby, because this wire shows nothing else. */
  readonly lobby: boolean;
};

/** What a connection shows from now on. */
export type SubscriptionOptions = {
  /** All rooms of the person, or the lobby alone. */
  readonly rooms: 'all' | 'lobby';
  /** So many of the lobby's last messages first, however often they were shown. */
  readonly history: number;
  /** Whether what is said on this connection is shown on it too, or on the person's others only. */
  readonly ownMessages: 'all' | 'others';
  /** The same of direct messages; null: this connection shows no direct messages at all. */
  readonly direct: 'all' | 'others' | 'none' | null;
  /** Whether it tells of other people and of groups that changed. */
  readonly rosterUpdates: boolean;
};

/** A person as somebody sees one; `friend` is null where the question makes no sense. */
export type Profile = PersonView & { readonly friend: boolean | null };

/** Whoever is on a connection, as that person sees oneself; the status in one's own spelling. */
export type OwnProfile = {
  readonly name: string;
  readonly displayName: string;
  readonly status: string;
};

/** What changed for somebody, gathered over a second: people or groups as they are now. `id` is the same for all who are told at once. */
export type RosterUpdate =
  | { readonly type: 'people'; readonly id: string; readonly people: readonly Profile[] }
  | { readonly type: 'groups'; readonly id: string; readonly groups: readonly RoomView[] };

/**
 * What a connection offers its session. Every `done` is called exactly once, at once or later, always before anything
 * that the request caused is shown on this connection; once the link is lost it may be called or not.
 */
export interface SessionApi {
  /** Who is on this connection, once `enter` or `login` succeeded; the name is always the present one. */
  readonly person: Person | null;
  /** Whether what is said here cannot be overheard: by TLS, or because it stays on this machine. */
  readonly secure: boolean;
  /** Enters as a guest. Requests that arrive meanwhile wait. */
  enter(name: string, options: LoginOptions, done: Done<Person>): void;
  /** Enters with an account. Requests that arrive meanwhile wait. */
  login(name: string, password: Password, options: LoginOptions, done: Done<Person>): void;
  /**
   * Enters with an account by a token of it; where that person is on this connection already, looks whether the token is
   * that person's, and no more. Requests that arrive meanwhile wait.
   */
  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void;
  /** A new token for the account on this connection. Requests that arrive meanwhile wait. */
  issueToken(done: Done<string>): void;
  /**
   * Ends the tokens that were issued or accepted on this connection, the last 100 of them; then the person leaves, and the
   * connection stays for the next one. Requests that arrive meanwhile wait.
   */
  signOut(done: Done<void>): void;
  /** Makes an account; a guest becomes it. Requests that arrive meanwhile wait. */
  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void;
  /** Changes the guest's name. Requests that arrive meanwhile wait. */
  rename(name: string, done: Done<Person>): void;
  send(command: MessageCommand, done: Done<PostResult>): void;
  changeSettings(change: SettingsCommand, done: Done<void>): void;
  /** Messages of a conversation or a group, oldest first: the last `limit`, or those before the message of that id. */
  history(of: 'user' | 'group', name: string, before: string | null, limit: number, done: Done<HistoryPage>): void;
  /** Names of all who are present and visible in the lobby, in order of entering; one's own in any case, last where others do not see it. */
  presentNames(): readonly string[];
  /** Whoever is on this connection; null before. */
  ownProfile(): OwnProfile | null;
  /** The people of these names, null for a name that nobody has. */
  profiles(names: readonly string[]): readonly (Profile | null)[];
  contacts(): readonly Profile[];
  /** The groups of these names, null for one that is unknown to this person. */
  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void;
  /** The groups that the person is in. */
  ownGroups(done: Done<readonly RoomView[]>): void;
  /** To be called once after each entering: what waits is shown, then all that happens. */
  subscribe(options: SubscriptionOptions): void;
  /** Ends this connection on purpose, once every request, this one too, is answered and what came before is shown. */
  leave(): void;
  /** True if one more of what needs no login (a PING) is within this address's limit. */
  mayPing(): boolean;
}
