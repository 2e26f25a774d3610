import assert from 'node:assert/strict';
import type {
  Profile,
  SettingsCommand,
  LoginOptions,
  Done,
  SessionApi,
  OwnProfile,
  SearchAnswer,
  SubscriptionOptions,
  MessageCommand,
} from '../src/connections/session/session-api.ts';
import type { Person } from '../src/core/model/person.ts';
import type { HistoryPage } from '../src/core/services/history.ts';
import type { InvitationTerms, InvitationView, NewInvitation } from '../src/core/services/invitations.ts';
import type { RoomId } from '../src/core/model/ids.ts';
import type { Message } from '../src/core/model/message.ts';
import type { PostResult } from '../src/core/services/messages.ts';
import type { Password } from '../src/core/ports.ts';
import type { Refusal } from '../src/core/model/refusals.ts';
import type { RoomView } from '../src/core/services/rooms.ts';
import type { SearchRequest } from '../src/core/services/search.ts';
import type { IdCommand, IdResult } from '../src/connections/session/id-commands.ts';
import { err, ok, type Result } from '../src/lib/result.ts';
import type { Page, Version, ViewAnswer } from '../src/views/answer.ts';
import type { Part, ViewKey } from '../src/views/view-key.ts';
import type { Child, ChildrenRequest, Content } from '../src/views/views.ts';

/** The message that a `FakeSessionApi` reports as sent. */
export const sentMessage: Message = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  room: 7,
  number: 1,
  position: 2,
  author: { id: 3, name: 'alice' },
  text: 'hello',
  clientTime: 1,
  serverTime: 2,
  editedAt: null,
  deletedAt: null,
  edits: [],
};

/** A session API that logs its calls. The test answers the last one by `answer`. */
export class FakeSessionApi implements SessionApi {
  person: Person | null = null;
  secure = true;
  delivered = true;
  token = '01890a5d-ac96-474b-bcce-b302099a8057';
  names: string[] = ['alice', 'bob'];
  pingsLeft = Number.POSITIVE_INFINITY;
  foundProfiles: (Profile | null)[] = [];
  foundGroups: (RoomView | null)[] = [];
  page: HistoryPage = { position: 0, conversation: { type: 'group', name: 'lobby', lobby: true }, messages: [] };
  foundContent: ViewAnswer<Content> = { type: 'same', version: { identity: 'i', number: 1 } };
  foundChildren: ViewAnswer<Page<Child>> = { type: 'same', version: { identity: 'i', number: 1 } };
  found: SearchAnswer = { people: [], rooms: [], messages: [], next: null };
  commandResult: IdResult = {};
  watches: { readonly key: ViewKey; readonly changed: (part: Part) => void }[] = [];
  /** Calls of `keepDocuments` that the test finishes; null if they finish at once. */
  storing: (() => void)[] | null = null;
  timers: { readonly ms: number; readonly run: (id: string) => void }[] = [];
  /** The ids of documents that the person may not read. */
  readonly unreadable = new Set<number>();
  readonly log: string[] = [];
  #eventIds = 0;
  /** Answers the last call with this refusal, or else with success. */
  answer: (refusal?: Refusal) => void = () => assert.fail('nothing to answer');

  enter(name: string, options: LoginOptions, done: Done<Person>): void {
    this.#record(`enter ${name} ${JSON.stringify(options)}`, done, { id: 3, name });
  }

  login(name: string, password: Password, options: LoginOptions, done: Done<Person>): void {
    this.#record(`login ${name} ${password.type} ${password.value} ${JSON.stringify(options)}`, done, { id: 3, name });
  }

  resume(name: string, token: string, options: LoginOptions, done: Done<Person>): void {
    this.#record(`resume ${name} ${token} ${JSON.stringify(options)}`, done, { id: 3, name });
  }

  issueToken(done: Done<string>): void {
    this.#record('issue token', done, this.token);
  }

  signOut(done: Done<void>, tokens?: readonly string[]): void {
    this.#record(tokens === undefined ? 'sign out' : `sign out ${JSON.stringify(tokens)}`, done, undefined);
  }

  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void {
    this.#record(`register ${name} ${displayName} ${password.type} ${password.value}`, done, { id: 3, name });
  }

  rename(name: string, done: Done<Person>): void {
    this.#record(`rename ${name}`, done, { id: 3, name });
  }

  send(command: MessageCommand, done: Done<PostResult>): void {
    this.#record(`send ${JSON.stringify(command)}`, done, { message: sentMessage, delivered: this.delivered });
  }

  changeSettings(command: SettingsCommand, done: Done<void>): void {
    this.#record(`change settings ${JSON.stringify(command)}`, done, undefined);
  }

  history(of: 'user' | 'group', name: string, before: string | null, limit: number, done: Done<HistoryPage>): void {
    this.#record(`history ${of} ${name} ${before} ${limit}`, done, this.page);
  }

  presentNames(): readonly string[] {
    return this.names;
  }

  ownProfile(): OwnProfile {
    return { name: 'alice', displayName: 'Alice', status: 'online' };
  }

  profiles(names: readonly string[]): readonly (Profile | null)[] {
    return names.length === 0 ? [] : this.foundProfiles;
  }

  contacts(): readonly Profile[] {
    return this.foundProfiles.filter((one) => one !== null);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    this.#record(`groups ${names.join()}`, done, names.length === 0 ? [] : this.foundGroups);
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const views = this.foundGroups.filter((one) => one !== null);
    this.#record('own groups', done, views);
  }

  subscribe(options: SubscriptionOptions): void {
    this.log.push(`subscribe ${JSON.stringify(options)}`);
  }

  homeUnit(): number {
    return 1;
  }

  content(key: ViewKey, since: Version | null, done: Done<ViewAnswer<Content>>): void {
    this.#record(`content ${JSON.stringify(key)} ${JSON.stringify(since)}`, done, this.foundContent);
  }

  children(key: ViewKey, request: ChildrenRequest, done: Done<ViewAnswer<Page<Child>>>): void {
    this.#record(`children ${JSON.stringify(key)} ${JSON.stringify(request)}`, done, this.foundChildren);
  }

  search(request: SearchRequest, done: Done<SearchAnswer>): void {
    this.#record(`search ${JSON.stringify(request)}`, done, this.found);
  }

  watch(key: ViewKey, changed: (part: Part) => void): () => void {
    this.log.push(`watch ${JSON.stringify(key)}`);
    const watch = { key, changed };
    this.watches.push(watch);
    return () => {
      this.log.push(`unwatch ${JSON.stringify(key)}`);
      this.watches = this.watches.filter((one) => one !== watch);
    };
  }

  mayRead(key: ViewKey): boolean {
    return !this.unreadable.has(key.id);
  }

  typing(room: number, isTyping: boolean): void {
    this.log.push(`typing ${room} ${isTyping}`);
  }

  gather(ms: number, run: (id: string) => void): void {
    this.timers.push({ ms, run });
  }

  once<E = never>(
    _request: string,
    run: (name: null, finish: (result: Result<IdResult, E | Refusal>) => void) => void,
    done: (result: Result<IdResult, E | Refusal>) => void,
  ): void {
    run(null, done);
  }

  command(command: IdCommand, done: Done<IdResult>): void {
    this.#record(`command ${JSON.stringify(command)}`, done, this.commandResult);
  }

  invite(room: RoomId, terms: InvitationTerms, done: Done<NewInvitation>): void {
    this.#record(`invite ${room} ${JSON.stringify(terms)}`, done, { code: 'code', until: 9 });
  }

  invitation(code: string, done: Done<InvitationView>): void {
    this.#record(`invitation ${code}`, done, { room: 7, name: 'Garden', members: 3, until: 9 });
  }

  deleteAccount(password: Password, done: Done<void>): void {
    this.#record(`delete account ${password.type} ${password.value}`, done, undefined);
  }

  nameSession(done: (secret: string) => void): void {
    done('secret');
  }

  reconnect(secret: string, done: Done<Person>): void {
    this.#record(`reconnect ${secret}`, done, { id: 3, name: 'alice' });
  }

  keepDocuments(documents: readonly string[], done: () => void): void {
    this.log.push(`keep ${documents.join()}`);
    this.storing?.push(done);
    if (this.storing === null) done();
  }

  dropDocuments(documents: readonly string[]): void {
    this.log.push(`drop ${documents.join()}`);
  }

  leave(): void {
    this.log.push('leave');
  }

  eventId(): string {
    return `event-${++this.#eventIds}`;
  }

  mayPing(): boolean {
    return this.pingsLeft-- > 0;
  }

  #record<T>(call: string, done: Done<T>, value: T): void {
    this.log.push(call);
    this.answer = (refusal) => done(refusal ? err(refusal) : ok(value));
  }
}
