import type { PersonId, RoomId, UnitId } from '../../core/model/ids.ts';
import type { Person } from '../../core/model/person.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { SearchRequest } from '../../core/services/search.ts';
import type { World } from '../../core/world.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Page, Version, ViewAnswer } from '../../views/answer.ts';
import type { Part, ViewKey } from '../../views/view-key.ts';
import type { Child, ChildrenRequest, Content } from '../../views/views.ts';
import type { Budget } from '../limits/rate-guard.ts';
import { quoting } from '../quoting.ts';
import type { ConnectionServices } from '../services.ts';
import { PostsInFlight } from './posts-in-flight.ts';
import type { ConnectionControl } from './connection-control.ts';
import {
  contactProfiles,
  groupViews,
  ownGroups,
  ownProfile,
  presentNames,
  profileByName,
  searchAnswer,
} from './lookups.ts';
import type { Done, OwnProfile, Profile, SearchAnswer, SessionApi } from './session-api.ts';

/** The part of the session API that only looks things up, for the person who is logged in. */
export abstract class SessionLookups {
  abstract readonly person: Person | null;
  protected abstract readonly services: ConnectionServices;
  /** What is to be ended with the login; null for nothing, to save memory. */
  #endings: Set<() => void> | null = null;

  protected get world(): World {
    return this.services.world;
  }

  /** Holds back later requests until the returned function is called, which calls `done` and takes the next request. */
  protected abstract holdUntil<T>(done: Done<T>): Done<T>;

  protected readonly posts = new PostsInFlight();

  /** The person, or a refusal if nobody is logged in or the budget is used up. */
  protected abstract allowed(budget: Budget | null): Result<Person, Refusal>;

  /** What the connection delivers; null while it delivers nothing. */
  protected abstract readonly subscriptions: ConnectionControl['subscriptions'];

  history(...[of, name, before, limit, done]: Parameters<SessionApi['history']>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done); // CONN-13
    this.world.history.of(person.id, of, name, before, limit, (result) =>
      answer(result.ok ? ok({ ...result.value, messages: result.value.messages.map(quoting) }) : result),
    ); // CONN-127
  }

  presentNames(): readonly string[] {
    return presentNames(this.world, this.person);
  }

  ownProfile(): OwnProfile | null {
    return this.person && ownProfile(this.world, this.person);
  }

  profiles(names: readonly string[]): readonly (Profile | null)[] {
    return names.map((name) => this.person && profileByName(this.world, this.person.id, name));
  }

  contacts(): readonly Profile[] {
    return this.person === null ? [] : contactProfiles(this.world, this.person.id);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    const rooms = names.map((name) => this.world.rooms.find(name));
    groupViews(this.world, this.person?.id ?? 0, rooms, this.holdUntil(done)); // CONN-13
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    ownGroups(this.world, person.id, this.holdUntil(done)); // CONN-13
  }

  homeUnit(): UnitId {
    return this.world.units.home;
  }

  content(key: ViewKey, since: Version | null, done: Done<ViewAnswer<Content>>): void {
    this.#look(done, (viewer, answer) => this.services.views.content(viewer, key, since, answer));
  }

  children(key: ViewKey, request: ChildrenRequest, done: Done<ViewAnswer<Page<Child>>>): void {
    const answered: Done<ViewAnswer<Page<Child>>> = (result) => {
      done(result);
      if (result.ok && key.type === 'room') this.#noteFetched(key.id, result.value); // CONN-76
    };
    this.#look(answered, (viewer, answer) => this.services.views.page(viewer, key, request, answer));
  }

  search(request: SearchRequest, done: Done<SearchAnswer>): void {
    const allowed = this.allowed('searches'); // CONN-160
    if (!allowed.ok) return done(allowed);
    this.#look(done, (viewer, answer) => searchAnswer(this.world, viewer, request, answer)); // CONN-161
  }

  #noteFetched(room: RoomId, answer: ViewAnswer<Page<Child>>): void {
    if (answer.type === 'same') return;
    const { entries } = answer.type === 'whole' ? answer.value : answer.after;
    const ends = [entries.at(0), entries.at(-1)]; // A page is in the order of the numbers, up or down.
    const numbers = ends.flatMap((entry) => (entry?.type === 'message' ? [entry.number] : []));
    if (numbers.length > 0) this.subscriptions?.fetched(room, Math.min(...numbers), Math.max(...numbers)); // CONN-76
  }

  watch(key: ViewKey, changed: (part: Part) => void): () => void {
    return this.untilEnd(this.services.views.watch(this.person?.id ?? 0, key, changed));
  }

  mayRead(key: ViewKey): boolean {
    return this.person !== null && this.services.views.mayRead(this.person.id, key);
  }

  gather(ms: number, run: (id: string) => void): void {
    const ended = this.untilEnd(
      this.services.gatherings.add(ms, (id) => {
        ended();
        run(id);
      }),
    );
  }

  /** How many documents the session watches, and timers it has set. */
  get watches(): number {
    return this.#endings?.size ?? 0;
  }

  /** Ends watches and timers: the login ends (CONN-126). */
  protected endWatches(): void {
    for (const end of this.#endings ?? []) end(); // CONN-126
    this.#endings = null;
  }

  /** Calls `end` once: by the returned function, or when the login ends. */
  protected untilEnd(end: () => void): () => void {
    const endings = (this.#endings ??= new Set());
    endings.add(end);
    return () => {
      endings.delete(end);
      end();
    };
  }

  /** Looks when all earlier requests are done: what they changed is to be seen. Only posting a message holds back no later request. */
  #look<T>(done: Done<T>, look: (viewer: PersonId, answer: Done<T>) => void): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    const answer = this.holdUntil(done); // CONN-124
    this.posts.whenPublished(() => look(person.id, answer)); // CONN-124
  }
}
