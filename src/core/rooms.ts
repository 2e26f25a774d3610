import { err, ok } from '../lib/result.ts';
import { decideCreateRoom } from './commands/create-room.ts';
import { decideJoinRoom } from './commands/join-room.ts';
import { decideLeaveRoom } from './commands/leave-room.ts';
import { decideReadRoom } from './commands/read-room.ts';
import type { PersonActor } from './decide.ts';
import { type Doors, type Done, whileHere } from './doors.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from './ids.ts';
import { parseName } from './names/parse.ts';
import { skeletonOf } from './names/skeleton.ts';
import { isVisible } from './presence.ts';
import { isIn, isOpen } from './rights.ts';
import type { Room } from './room.ts';

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
export type Stand = { readonly position: number; readonly number: number };

/** A room that somebody is shown, and after which message it waits; null for a guest's lobby, of which nothing waits. */
export type OwnRoom = { readonly room: RoomId; readonly direct: boolean; readonly since: number | null };

/** Groups: who is in which, and what they are called. */
export class Rooms {
  readonly #doors: Doors;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  /** The group of this name; what comes of it still has to be asked as somebody. */
  find(name: string): RoomId | undefined {
    const parsed = parseName(name);
    const isReserved = !parsed.ok && parsed.error === 'reserved'; // The lobby's own name is one.
    const { committed } = this.#doors.ledger;
    if ((!parsed.ok && !isReserved) || !committed.has(directoryStream)) return undefined;
    return committed.directory.names.get(parsed.ok ? parsed.value.skeleton : skeletonOf(name))?.room;
  }

  /** Makes an open group unless it is to be closed; the name is its display name where there is no other. */
  create(person: PersonId, name: string, displayName: string | null, closed: boolean, done: Done<RoomId>): void {
    const parsed = parseName(name);
    if (!parsed.ok) return done(err({ type: 'bad-name', problem: parsed.error }));
    void this.#create(person, { name: parsed.value, displayName: displayName ?? parsed.value.shown, closed }, done);
  }

  join(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#as(person, done, (actor) =>
      this.#doors.submit(
        [roomStream(room), personStream(person)],
        whileHere(this.#doors, person, (states, context) =>
          decideJoinRoom(states, { type: 'join-room', actor, room }, context),
        ),
        done,
      ),
    );
  }

  leave(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#as(person, done, (actor) =>
      this.#doors.submit(
        [roomStream(room), personStream(person)],
        whileHere(this.#doors, person, (states, context) =>
          decideLeaveRoom(states, { type: 'leave-room', actor, room }, context),
        ),
        done,
      ),
    );
  }

  /** Moves the person's position in the room up to a message's number; answers with where it is then. */
  read(person: PersonId, room: RoomId, number: number, done: Done<number>): void {
    this.#as(person, done, (actor) =>
      this.#doors.submit(
        [roomStream(room), personStream(person)],
        (states, context) => decideReadRoom(states, { type: 'read-room', actor, room, number }, context),
        done,
      ),
    );
  }

  /** The rooms of an account, or of a guest, with the lobby; rejects when storage is unavailable. */
  async of(person: PersonId): Promise<readonly OwnRoom[]> {
    const { committed } = this.#doors.ledger;
    await this.#doors.ledger.load(personStream(person));
    const own: OwnRoom[] = [...committed.person(person).rooms.values()].map(({ room, other, since }) => ({
      room,
      direct: other !== null,
      since,
    }));
    const actor = this.#doors.actor(person);
    const lobby = this.#doors.lobby();
    if (actor?.role !== null || own.some(({ room }) => room === lobby)) return own;
    return [...own, { room: lobby, direct: false, since: null }]; // WORLD-70
  }

  /** The group as the person sees it; undefined where there is none for that person, or it is not loaded. */
  view(person: PersonId, id: RoomId): RoomView | undefined {
    const { committed } = this.#doors.ledger;
    const actor = this.#doors.actor(person);
    if (actor === undefined || !committed.has(roomStream(id))) return undefined;
    const room = committed.room(id);
    const inside = isIn(room, actor, this.#doors.lobby());
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
    const actor = this.#doors.actor(person);
    const { committed } = this.#doors.ledger;
    return (
      actor !== undefined && committed.has(roomStream(room)) && isIn(committed.room(room), actor, this.#doors.lobby())
    );
  }

  /** Who is a member of a room, apart from guests; nobody where it is not loaded. */
  members(room: RoomId): ReadonlyMap<PersonId, unknown> {
    const { committed } = this.#doors.ledger;
    return committed.has(roomStream(room)) ? committed.room(room).members : new Map();
  }

  /** The rooms that a person who is here is a member of; none where that is not known. */
  joined(person: PersonId): readonly RoomId[] {
    const { committed } = this.#doors.ledger;
    return committed.has(personStream(person)) ? [...committed.person(person).rooms.keys()] : [];
  }

  /** Whether somebody who is here, or just was, is seen in the lobby: members, and guests (WORLD-70). */
  isInLobby(person: PersonId): boolean {
    const { committed } = this.#doors.ledger;
    const isAccount = committed.has(directoryStream) && committed.directory.people.has(person);
    return !isAccount || this.members(this.#doors.lobby()).has(person); // WORLD-70
  }

  /** Where a room stands, as far as may be shown: its position, and the number of its last message. It must be loaded. */
  stand(room: RoomId): Stand {
    const { position, lastNumber } = this.#doors.ledger.committed.room(room);
    return { position, number: lastNumber };
  }

  /** How many are in a room, guests in the lobby included. */
  size(room: RoomId): number {
    const { committed } = this.#doors.ledger;
    if (!committed.has(roomStream(room))) return 0;
    const guests = room === this.#doors.lobby() ? this.#guests().length : 0;
    return committed.room(room).members.size + guests;
  }

  /** Those who are here first, in order of joining, then guests in the lobby (WORLD-79). */
  #names(room: Room): string[] {
    const guests = room.id === this.#doors.lobby() ? this.#guests() : [];
    const here: string[] = [];
    const away: string[] = [];
    for (const { person, name } of room.members.values()) {
      if (here.length === MAX_NAMED) break; // WORLD-79
      const present = this.#doors.presence.get(person);
      if (present !== undefined && isVisible(present))
        here.push(present.name); // WORLD-79
      else if (away.length < MAX_NAMED) away.push(name);
    }
    return [...here, ...guests, ...away].slice(0, MAX_NAMED); // WORLD-79
  }

  #guests(): string[] {
    return [...this.#doors.presence.all].filter((one) => !one.account && isVisible(one)).map(({ name }) => name);
  }

  /** A name is claimed before it is written, so that no guest comes under it meanwhile. */
  async #create(
    person: PersonId,
    wanted: { name: { shown: string; skeleton: string }; displayName: string; closed: boolean },
    done: Done<RoomId>,
  ): Promise<void> {
    const { ids, names, node } = this.#doors;
    const room = ids.integer();
    const { skeleton } = wanted.name;
    const claim = await names.claim(skeleton, room, node).catch(() => null);
    if (claim === null) return done(err({ type: 'unavailable' }));
    if (!claim.won) return done(err({ type: 'name-taken' })); // WORLD-10
    const answer: Done<RoomId> = (result) => {
      if (!result.ok) void names.release(skeleton, room);
      done(result.ok ? ok(room) : result);
    };
    this.#as(person, answer, (creator) =>
      this.#doors.submit(
        [directoryStream, roomStream(room), personStream(person)],
        whileHere(this.#doors, person, (states, context) =>
          decideCreateRoom(states, { type: 'create-room', room, creator, ...wanted }, context),
        ),
        answer,
      ),
    );
  }

  #as<T>(person: PersonId, done: Done<T>, then: (actor: PersonActor) => void): void {
    const actor = this.#doors.actor(person);
    if (actor === undefined)
      done(err({ type: 'not-allowed' })); // WORLD-20
    else then(actor);
  }
}
