import type { Arrival } from '../core/entrance.ts';
import type { Departure, Event } from '../core/events.ts';
import type { PersonId, RoomId } from '../core/ids.ts';
import type { Clock } from '../core/ports.ts';
import type { Audience } from '../core/audience.ts';
import type { World } from '../core/world.ts';
import type { Link } from '../transports/link.ts';
import { Attempts } from './attempts.ts';
import { Blockers } from './blockers.ts';
import type { Connection } from './connection.ts';
import type { Cursor, Receiver, Source } from './cursor.ts';
import { Feed } from './feed.ts';
import type { Host, WaitingLimits } from './host.ts';
import { Limits, type Rates } from './limits.ts';
import { Notices } from './notices.ts';
import { ShownRooms } from './shown-rooms.ts';
import { Turn } from './turn.ts';
import type { Wire } from './wire.ts';
import { WireConnection } from './wire-connection.ts';

export type HubOptions = {
  readonly rates: Rates;
  readonly loginMs: number;
  readonly registrationsPerHour: number;
  readonly waiting: WaitingLimits;
};

/** All connections of this process: what the world shows goes out through here, what clients ask goes in. */
export class Hub implements Audience, Host {
  readonly turn: Turn;
  readonly limits: Limits;
  readonly attempts: Attempts;
  readonly shown: ShownRooms;
  readonly waiting: WaitingLimits;
  readonly loginMs: number;
  /**
   * Grows, with every event, by the number of connections that show its room by a wire that shows such events, those that
   * hide this one or are behind, too. What they read later, because it waited or was missed, does not count.
   */
  deliveries = 0;
  readonly #clock: Clock;
  readonly #feeds = new Map<RoomId, Feed>();
  readonly #cursors = new Map<Cursor, Feed>();
  readonly #connections = new Set<Connection>();
  readonly #people = new Map<PersonId, Set<Connection>>();
  readonly #blockers: Blockers;
  readonly #notices: Notices;
  #world: World | null = null;
  #stopping = false;

  constructor(clock: Clock, options: HubOptions) {
    this.#clock = clock;
    this.turn = new Turn(clock);
    this.limits = new Limits(options.rates, clock);
    this.attempts = new Attempts(clock, options.registrationsPerHour);
    this.shown = new ShownRooms(clock, () => this.world);
    this.waiting = options.waiting;
    this.loginMs = options.loginMs;
    this.#blockers = new Blockers(() => this.world);
    this.#notices = new Notices(clock, () => this.world);
  }

  /** The world whose audience this is; before it nothing can be carried. */
  attach(world: World): void {
    this.#world = world;
  }

  /** Takes a link over; from here on it is a connection. */
  carry<In, Out>(wire: Wire<In, Out>, link: Link): void {
    const connection = new WireConnection(this, wire, link);
    if (this.#stopping) connection.stop(() => {}); // CONN-25
  }

  get size(): number {
    return this.#connections.size;
  }

  /** Answers what was begun, refuses the rest, closes all; resolves when every link is gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const connections = [...this.#connections];
    await Promise.all(connections.map((connection) => new Promise<void>((done) => connection.stop(done))));
    await this.shown.flush();
  }

  // What the world tells.

  show(events: readonly Event[]): void {
    if (this.#world === null) return; // Nobody is here yet who could be shown that the lobby was made.
    const { lobby, rooms } = this.world;
    const byRoom = new Map<RoomId, Event[]>();
    for (const event of events) {
      if (event.type === 'member-left') for (const one of this.#of(event.person)) one.parted(event.room); // CONN-49
      if (!('room' in event) && !rooms.isInLobby(event.person.id)) continue; // CONN-54
      const room = 'room' in event ? event.room : lobby;
      const list = byRoom.get(room);
      if (list === undefined) byRoom.set(room, [event]);
      else list.push(event);
    }
    for (const [room, list] of byRoom) this.#feeds.get(room)?.show(list, this.#apart(list));
    for (const event of events) {
      if (event.type === 'member-left') for (const one of this.#of(event.person)) one.parted(event.room); // CONN-49
      if (event.type !== 'member-joined') continue;
      const { person, since, other } = event.member;
      this.joined(person, event.room, other !== null, event.position, since); // CONN-49
    }
    this.#notices.see(events);
  }

  removed(person: PersonId, departure: Departure, visits: ReadonlySet<Arrival>): void {
    for (const connection of this.#of(person))
      if (connection.visit !== null && visits.has(connection.visit)) connection.departed(departure); // CONN-16
  }

  outdated(person: PersonId, digest: string | null): void {
    for (const connection of this.#of(person)) connection.outdated(digest);
  }

  changed(person: PersonId, what: 'ties' | 'account'): void {
    this.#blockers.changed(person, this.#of(person));
    this.#notices.changed(person, what);
  }

  joined(person: PersonId, room: RoomId, direct: boolean, position: number, number: number): void {
    for (const one of this.#of(person)) one.joined(room, direct, position, number);
  }

  moved(room: RoomId, position: number): void {
    this.#feeds.get(room)?.moved(position);
  }

  probe(person: PersonId, alive: () => void): void {
    for (const connection of this.#of(person)) connection.probe(alive);
  }

  // What connections ask.

  get world(): World {
    if (this.#world === null) throw new Error('there is no world yet');
    return this.#world;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  now(): number {
    return this.#clock.monotonic();
  }

  date(): number {
    return this.#clock.now();
  }

  later(ms: number, run: () => void): () => void {
    return this.#clock.after(ms, run);
  }

  opened(connection: Connection, address: string): void {
    this.#connections.add(connection);
    this.limits.connected(address);
  }

  closed(connection: Connection, address: string): void {
    this.#connections.delete(connection);
    this.limits.disconnected(address);
    if (connection.person !== null) this.exited(connection, connection.person.id);
  }

  entered(connection: Connection, person: PersonId): void {
    const connections = this.#people.get(person) ?? new Set<Connection>();
    this.#people.set(person, connections);
    connections.add(connection);
  }

  exited(connection: Connection, person: PersonId): void {
    this.#notices.unwatch(connection);
    this.#blockers.forget(connection);
    const connections = this.#people.get(person);
    if (connections === undefined) return;
    connections.delete(connection);
    if (connections.size === 0) this.#people.delete(person);
  }

  showing(connection: Connection, person: PersonId): void {
    this.#blockers.watch(connection, person);
    if (connection.notices) this.#notices.watch(connection, person);
  }

  join(room: RoomId, receiver: Receiver, isPrivate: boolean): Cursor {
    const feed = this.#feeds.get(room) ?? this.#open(room, isPrivate);
    const cursor = feed.join(receiver);
    this.#cursors.set(cursor, feed);
    return cursor;
  }

  part(cursor: Cursor): void {
    const feed = this.#cursors.get(cursor);
    this.#cursors.delete(cursor);
    if (feed === undefined) return;
    feed.leave(cursor);
    if (feed.size > 0 || feed.room === this.world.lobby) return;
    this.#feeds.delete(feed.room); // CONN-55
    this.world.known.release(feed.room); // CONN-55
  }

  regroup(cursors: readonly Cursor[], change: () => void): void {
    for (const cursor of cursors) this.#cursors.get(cursor)?.remove(cursor);
    change();
    for (const cursor of cursors) this.#cursors.get(cursor)?.add(cursor);
  }

  /** Who may not be shown all of a batch: authors, whose own words may be for their other connections only, those who block them, and who left. */
  #apart(events: readonly Event[]): ReadonlySet<Receiver> {
    const apart = new Set<Receiver>();
    const add = (connections: Iterable<Connection>) => {
      for (const { receiver } of connections) if (receiver !== null) apart.add(receiver);
    };
    for (const event of events) {
      if ('message' in event) {
        add(this.#of(event.message.author.id).filter(({ hidesOwn }) => hidesOwn)); // CONN-40
        add(this.#blockers.of(event.message.author.id)); // CONN-40
      } else if (event.type === 'person-left')
        add(this.#of(event.person.id)); // CONN-41
      else if (event.type === 'person-entered' || event.type === 'person-renamed') add(this.#of(event.person.id)); // CONN-67
    }
    return apart;
  }

  #open(room: RoomId, isPrivate: boolean): Feed {
    const { world } = this;
    const source: Source = {
      events: (after, limit) => world.history.events(room, after, limit),
      later: (ms, run) => this.#clock.after(ms, run),
    };
    const feed = new Feed(room, world.head(room), source, isPrivate, (count) => (this.deliveries += count));
    world.known.hold(room); // CONN-55
    this.#feeds.set(room, feed);
    return feed;
  }

  #of(person: PersonId): Connection[] {
    return [...(this.#people.get(person) ?? [])];
  }
}
