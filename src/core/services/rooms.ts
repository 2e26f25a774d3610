import { err, ok } from '../../lib/result.ts';
import { decideCreateRoom } from '../commands/create-room.ts';
import { decideJoinRoom } from '../commands/join-room.ts';
import { decideLeaveRoom } from '../commands/leave-room.ts';
import { decideReadRoom } from '../commands/read-room.ts';
import type { PersonActor } from '../engine/decide.ts';
import type { Done, ServiceContext } from './context.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import { parseName } from '../text/names/parse.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import { isVisible } from '../presence/presence.ts';
import { isIn, isOpen } from '../commands/permissions.ts';
import type { RoomState } from '../state/room.ts';

/** So many members of a room are named; the rest is counted. */
const MAX_NAMED = 1_000;

/** A group as one person sees it. */
export type RoomView = {
  readonly id: RoomId;
  readonly name: string;
  readonly displayName: string;
  /** At most 1,000 names, those who are here first. */
  readonly members: readonly string[];
  readonly total: number;
  /** Whether the viewer is a member; null for a guest. */
  readonly member: boolean | null;
};

/** How far a room has got: its position, and the number of its last message. */
export type RoomHead = { readonly position: number; readonly number: number };

/** A room that somebody is shown, and after which message it waits; null for a guest's lobby, of which nothing waits. */
export type JoinedRoom = { readonly room: RoomId; readonly direct: boolean; readonly since: number | null };

/** Groups: who is in which, and what they are called. */
export class Rooms {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** The group of this name; what comes of it still has to be asked as somebody. */
  find(name: string): RoomId | undefined {
    const parsed = parseName(name);
    const isReserved = !parsed.ok && parsed.error === 'reserved'; // The lobby's own name is one.
    if (!parsed.ok && !isReserved) return undefined;
    return this.#context.directory?.names.get(parsed.ok ? parsed.value.skeleton : skeletonOf(name))?.room;
  }

  /** Makes an open group unless it is to be closed; the name is its display name where there is no other. */
  create(person: PersonId, name: string, displayName: string | null, closed: boolean, done: Done<RoomId>): void {
    const parsed = parseName(name);
    if (!parsed.ok) return done(err({ type: 'bad-name', problem: parsed.error }));
    void this.#create(person, { name: parsed.value, displayName: displayName ?? parsed.value.spelling, closed }, done);
  }

  join(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#as(person, done, (actor) =>
      this.#context.submit(
        [roomStream(room), personStream(person)],
        this.#context.requirePresent(person, (states, input) =>
          decideJoinRoom(states, { type: 'join-room', actor, room }, input),
        ),
        done,
      ),
    );
  }

  leave(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#as(person, done, (actor) =>
      this.#context.submit(
        [roomStream(room), personStream(person)],
        this.#context.requirePresent(person, (states, input) =>
          decideLeaveRoom(states, { type: 'leave-room', actor, room }, input),
        ),
        done,
      ),
    );
  }

  /** Moves the person's position in the room up to a message's number; answers with where it is then. */
  read(person: PersonId, room: RoomId, number: number, done: Done<number>): void {
    this.#as(person, done, (actor) =>
      this.#context.submit(
        [roomStream(room), personStream(person)],
        (states, input) => decideReadRoom(states, { type: 'read-room', actor, room, number }, input),
        done,
      ),
    );
  }

  /** The rooms of an account, or of a guest, with the lobby; rejects when storage is unavailable. */
  async of(person: PersonId): Promise<readonly JoinedRoom[]> {
    const { cache, committed } = this.#context;
    const memberships = await cache.use([personStream(person)], () => [...committed.person(person).rooms.values()]);
    const own: JoinedRoom[] = memberships.map(({ room, other, since }) => ({
      room,
      direct: other !== null,
      since,
    }));
    const actor = this.#context.actor(person);
    const lobby = this.#context.lobby;
    if (actor?.role !== null || own.some(({ room }) => room === lobby)) return own;
    return [...own, { room: lobby, direct: false, since: null }]; // WORLD-70
  }

  /** The group as the person sees it; undefined where there is none for that person, or it is not loaded. */
  view(person: PersonId, id: RoomId): RoomView | undefined {
    const actor = this.#context.actor(person);
    const room = this.#context.room(id);
    if (actor === undefined || room === undefined) return undefined;
    const inside = isIn(room, actor, this.#context.lobby);
    if (room.row === null || room.row.people !== undefined || (!inside && !isOpen(room))) return undefined; // WORLD-71
    const { name, displayName } = room.row;
    return {
      id,
      name,
      displayName: displayName ?? name,
      members: this.#names(room),
      total: this.size(id),
      member: actor.role === null ? null : inside,
    };
  }

  /** Whether somebody is in a room now, guests in the lobby included. */
  isIn(person: PersonId, room: RoomId): boolean {
    const actor = this.#context.actor(person);
    const state = this.#context.room(room);
    return actor !== undefined && state !== undefined && isIn(state, actor, this.#context.lobby);
  }

  /** Who is a member of a room, apart from guests; nobody where it is not loaded. */
  members(room: RoomId): ReadonlyMap<PersonId, unknown> {
    return this.#context.room(room)?.members ?? new Map();
  }

  /** The rooms that a person who is here is a member of; none where that is not known. */
  joined(person: PersonId): readonly RoomId[] {
    return [...(this.#context.person(person)?.rooms.keys() ?? [])];
  }

  /** Whether somebody who is here, or just was, is seen in the lobby: members, and guests (WORLD-70). */
  isInLobby(person: PersonId): boolean {
    const isAccount = this.#context.directory?.people.has(person) === true;
    return !isAccount || this.members(this.#context.lobby).has(person); // WORLD-70
  }

  /** Where a room stands, as far as may be shown: its position, and the number of its last message. It must be loaded. */
  head(room: RoomId): RoomHead {
    const { position, lastNumber } = this.#context.committed.room(room);
    return { position, number: lastNumber };
  }

  /** How many are in a room, guests in the lobby included. */
  size(room: RoomId): number {
    const state = this.#context.room(room);
    if (state === undefined) return 0;
    const guests = room === this.#context.lobby ? this.#guests().length : 0;
    return state.members.size + guests;
  }

  /** Those who are here first, in order of joining, then guests in the lobby (WORLD-79). */
  #names(room: RoomState): string[] {
    const guests = room.id === this.#context.lobby ? this.#guests() : [];
    const here: string[] = [];
    const away: string[] = [];
    for (const { person, name } of room.members.values()) {
      if (here.length === MAX_NAMED) break; // WORLD-79
      const present = this.#context.presence.get(person);
      if (present !== undefined && isVisible(present))
        here.push(present.name); // WORLD-79
      else if (away.length < MAX_NAMED) away.push(name);
    }
    return [...here, ...guests, ...away].slice(0, MAX_NAMED); // WORLD-79
  }

  #guests(): string[] {
    return [...this.#context.presence.all].filter((one) => !one.account && isVisible(one)).map(({ name }) => name);
  }

  /** A name is claimed before it is written, so that no guest comes under it meanwhile. */
  async #create(
    person: PersonId,
    wanted: { name: { spelling: string; skeleton: string }; displayName: string; closed: boolean },
    done: Done<RoomId>,
  ): Promise<void> {
    const { ids, names, cluster } = this.#context;
    const room = ids.integer();
    const { skeleton } = wanted.name;
    const claim = await names.claim(skeleton, room, cluster.node).catch(() => null);
    if (claim === null) return done(err({ type: 'unavailable' }));
    if (!claim.won) return done(err({ type: 'name-taken' })); // WORLD-10
    const answer: Done<RoomId> = (result) => {
      if (!result.ok) void names.release(skeleton, room);
      done(result.ok ? ok(room) : result);
    };
    this.#as(person, answer, (creator) =>
      this.#context.submit(
        [directoryStream, roomStream(room), personStream(person)],
        this.#context.requirePresent(person, (states, input) =>
          decideCreateRoom(states, { type: 'create-room', room, creator, ...wanted }, input),
        ),
        answer,
      ),
    );
  }

  #as<T>(person: PersonId, done: Done<T>, then: (actor: PersonActor) => void): void {
    const actor = this.#context.actor(person);
    if (actor === undefined)
      done(err({ type: 'not-allowed' })); // WORLD-20
    else then(actor);
  }
}
