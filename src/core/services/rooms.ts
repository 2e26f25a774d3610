import { err, ok } from '../../lib/result.ts';
import { type CreateRoom, decideCreateRoom } from '../commands/create-room.ts';
import { decideJoinRoom } from '../commands/join-room.ts';
import { decideLeaveRoom } from '../commands/leave-room.ts';
import { isIn, isOpen } from '../commands/permissions.ts';
import { decideReadRoom } from '../commands/read-room.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { NameReservations } from '../presence/name-reservations.ts';
import { isVisible } from '../presence/presence.ts';
import type { RoomState } from '../state/room.ts';
import { groupNamesFor } from '../text/names/group-name.ts';
import { parseName } from '../text/names/parse.ts';
import { skeletonOf } from '../text/names/skeleton.ts';
import type { Done, ServiceContext } from './context.ts';

/** The most members of a room that are named; all are counted. */
const MAX_NAMED = 1_000;

/** A group as one person sees it. */
export type RoomView = {
  readonly id: RoomId;
  readonly name: string;
  readonly displayName: string;
  /** At most 1,000 names, present members first. */
  readonly members: readonly string[];
  readonly total: number;
  /** Whether the viewer is a member; null for a guest. */
  readonly member: boolean | null;
};

/** A group to be made: without a display name it is called by its id. */
export type TitledRoom = {
  readonly displayName: string | null;
  readonly closed: boolean;
  readonly members: readonly PersonId[];
};

/** A room's committed position, and the number of its last message. */
export type RoomHead = { readonly position: number; readonly number: number };

/** A room that a person is in. Its backlog begins after message `since`; null for a guest's lobby, which has no backlog. */
export type JoinedRoom = { readonly room: RoomId; readonly direct: boolean; readonly since: number | null };

/** Rooms: making, joining, leaving and reading them, and how people see them. */
export class Rooms {
  readonly #context: ServiceContext;
  readonly #reservations: NameReservations;

  constructor(context: ServiceContext, reservations: NameReservations) {
    this.#context = context;
    this.#reservations = reservations;
  }

  /** The group of this name. Commands about it still check what their actor may do. */
  find(name: string): RoomId | undefined {
    const parsed = parseName(name);
    const isReserved = !parsed.ok && parsed.error === 'reserved'; // The lobby's own name is reserved.
    if (!parsed.ok && !isReserved) return undefined;
    return this.#context.directory?.names.get(parsed.ok ? parsed.value.skeleton : skeletonOf(name))?.room;
  }

  /** Makes a group, open or closed. Without a display name the name is used. */
  create(person: PersonId, name: string, displayName: string | null, closed: boolean, done: Done<RoomId>): void {
    const parsed = parseName(name);
    if (!parsed.ok) return done(err({ type: 'bad-name', problem: parsed.error }));
    const wanted = { name: parsed.value, displayName: displayName ?? parsed.value.spelling, closed, members: [] };
    void this.#create(person, this.#context.ids.integer(), wanted, done);
  }

  /**
   * Makes a group with these accounts as members, all or none; its name is made from the display name, or from the room's id.
   */
  createTitled(person: PersonId, { displayName, closed, members }: TitledRoom, done: Done<RoomId>): void {
    const people = members.filter((id) => id !== person).map((id) => this.#context.directory?.people.get(id));
    const known = people.flatMap((account) =>
      account === undefined ? [] : { id: account.person, name: account.name },
    );
    if (known.length < people.length) return done(err({ type: 'not-found' })); // WORLD-132
    const room = this.#context.ids.integer();
    const names = groupNamesFor(displayName, room);
    const attempt = (index: number): void => {
      const name = names[index];
      if (name === undefined) return done(err({ type: 'name-taken' }));
      const wanted = { name, displayName: displayName ?? name.spelling, closed, members: known };
      void this.#create(person, room, wanted, (result) => {
        const isTaken = !result.ok && (result.error.type === 'name-taken' || result.error.type === 'name-registered');
        if (isTaken)
          attempt(index + 1); // WORLD-133
        else done(result);
      });
    };
    attempt(0);
  }

  join(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#context.submitAs(person, [roomStream(room), personStream(person)], done, (actor) => {
      const command = { type: 'join-room', actor, room } as const;
      return (states, input) => decideJoinRoom(states, command, input);
    });
  }

  leave(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#context.submitAs(person, [roomStream(room), personStream(person)], done, (actor) => {
      const command = { type: 'leave-room', actor, room } as const;
      return (states, input) => decideLeaveRoom(states, command, input);
    });
  }

  /** Moves the person's read position in the room up to a message's number; answers with the read position then. */
  read(person: PersonId, room: RoomId, number: number, done: Done<number>): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const command = { type: 'read-room', actor, room, number } as const;
    const streams = [roomStream(room), personStream(person)];
    this.#context.submit(streams, (states, input) => decideReadRoom(states, command, input), done);
  }

  /** The rooms that a person is in; a guest is also in the lobby. Rejects when storage is unavailable. */
  async of(person: PersonId): Promise<readonly JoinedRoom[]> {
    const { cache, committed } = this.#context;
    const memberships = await cache.use([personStream(person)], () => [...committed.person(person).rooms.values()]);
    const joined: JoinedRoom[] = memberships.map(({ room, other, since }) => ({ room, direct: other !== null, since }));
    const { lobby } = this.#context;
    const actor = this.#context.actor(person);
    if (actor?.role !== null || joined.some(({ room }) => room === lobby)) return joined;
    return [...joined, { room: lobby, direct: false, since: null }]; // WORLD-70
  }

  /** A group as the person sees it; undefined if the person may not know of it, or it is not in memory. */
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

  /** Whether a present person is in a room, guests in the lobby included. */
  isIn(person: PersonId, room: RoomId): boolean {
    const actor = this.#context.actor(person);
    const state = this.#context.room(room);
    return actor !== undefined && state !== undefined && isIn(state, actor, this.#context.lobby);
  }

  /** The members of a room, without guests; empty if it is not in memory. */
  members(room: RoomId): ReadonlyMap<PersonId, unknown> {
    return this.#context.room(room)?.members ?? new Map();
  }

  /** The rooms that a person on this node has joined; empty for others. */
  joined(person: PersonId): readonly RoomId[] {
    return [...(this.#context.person(person)?.rooms.keys() ?? [])];
  }

  /** Whether a person who is present, or has just left, is in the lobby: members and all guests are (WORLD-70). */
  isInLobby(person: PersonId): boolean {
    const { directory } = this.#context;
    const isAccount = directory?.people.has(person) === true || directory?.deleted.has(person) === true;
    return !isAccount || this.members(this.#context.lobby).has(person); // WORLD-70
  }

  /** The committed position of a room, which must be in memory, and the number of its last message. */
  head(room: RoomId): RoomHead {
    const { position, lastNumber } = this.#context.committed.room(room);
    return { position, number: lastNumber };
  }

  /** The number of people in a room, guests in the lobby included; 0 if it is not in memory. */
  size(room: RoomId): number {
    const state = this.#context.room(room);
    if (state === undefined) return 0;
    const guests = room === this.#context.lobby ? this.#context.presence.visibleGuests : 0;
    return state.members.size + guests;
  }

  /** Names of people in a room: present members in order of joining, then guests in the lobby, then absent members (WORLD-79). */
  #names(room: RoomState): string[] {
    const guests = room.id === this.#context.lobby ? this.#guests() : [];
    const present: string[] = [];
    const absent: string[] = [];
    for (const { person, name } of room.members.values()) {
      if (present.length === MAX_NAMED) break; // WORLD-79
      const record = this.#context.presence.get(person);
      if (record !== undefined && isVisible(record))
        present.push(record.name); // WORLD-79
      else if (absent.length < MAX_NAMED) absent.push(name);
    }
    return [...present, ...guests, ...absent].slice(0, MAX_NAMED); // WORLD-79
  }

  #guests(): string[] {
    return [...this.#context.presence.all]
      .filter((record) => !record.account && isVisible(record))
      .map(({ name }) => name);
  }

  /** Claims the name before it is written, so that no guest takes it meanwhile; a silent guest loses it (WORLD-101). */
  async #create(
    person: PersonId,
    room: RoomId,
    wanted: Pick<CreateRoom, 'name' | 'displayName' | 'closed' | 'members'>,
    done: Done<RoomId>,
  ): Promise<void> {
    if (this.#context.actor(person)?.role === null) return done(err({ type: 'guest' })); // WORLD-73
    const { skeleton } = wanted.name;
    const claim = await this.#reservations.claimForRoom(wanted.name, room);
    if (!claim.ok) return done(claim); // WORLD-10
    const answer: Done<RoomId> = (result) => {
      if (!result.ok) this.#reservations.release(skeleton, room);
      done(result.ok ? ok(room) : result);
    };
    const streams = [
      directoryStream,
      roomStream(room),
      ...[person, ...wanted.members.map(({ id }) => id)].map(personStream),
    ];
    this.#context.submitAs(person, streams, answer, (creator) => {
      const command = { type: 'create-room', room, creator, ...wanted } as const;
      return (states, input) => decideCreateRoom(states, command, input);
    });
  }
}
