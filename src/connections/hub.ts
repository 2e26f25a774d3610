import type { Event } from '../core/events.ts';
import type { PersonId, RoomId } from '../core/ids.ts';
import type { Clock } from '../core/ports.ts';
import type { Audience, World } from '../core/world.ts';
import type { Link } from '../transports/link.ts';
import type { Connection } from './connection.ts';
import type { Cursor, Receiver } from './cursor.ts';
import { Feed } from './feed.ts';
import type { Host } from './host.ts';
import { Limits, type Rates } from './limits.ts';
import { Turn } from './turn.ts';
import type { Wire } from './wire.ts';
import { WireConnection } from './wire-connection.ts';

export type HubOptions = { readonly rates: Rates; readonly loginMs: number };

/** All connections of this process: what the world shows goes out through here, what clients ask goes in. */
export class Hub implements Audience, Host {
  readonly turn: Turn;
  readonly limits: Limits;
  readonly loginMs: number;
  /** Grows with every event given to a connection. */
  deliveries = 0;
  readonly #clock: Clock;
  readonly #feeds = new Map<RoomId, Feed>();
  readonly #cursors = new Map<Cursor, Feed>();
  readonly #connections = new Set<Connection>();
  readonly #people = new Map<PersonId, Set<Connection>>();
  #world: World | null = null;
  #stopping = false;

  constructor(clock: Clock, options: HubOptions) {
    this.#clock = clock;
    this.turn = new Turn(clock);
    this.limits = new Limits(options.rates, clock);
    this.loginMs = options.loginMs;
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
  }

  // What the world tells.

  show(events: readonly Event[]): void {
    const rooms = new Map<RoomId, Event[]>();
    for (const event of events) {
      const room = 'room' in event ? event.room : this.world.lobby;
      const list = rooms.get(room);
      if (list === undefined) rooms.set(room, [event]);
      else list.push(event);
      if (event.type === 'person-renamed')
        for (const connection of this.#of(event.person.id)) connection.renamed(event.person);
    }
    for (const [room, list] of rooms) this.deliveries += this.#feeds.get(room)?.show(list) ?? 0;
    for (const event of events) {
      if (event.type !== 'person-left') continue;
      for (const connection of this.#of(event.person.id)) connection.departed(event.departure);
      this.#people.delete(event.person.id);
      this.limits.forget(event.person.id);
    }
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
    if (connection.person !== null) this.#people.get(connection.person.id)?.delete(connection);
  }

  entered(connection: Connection, person: PersonId): void {
    const connections = this.#people.get(person) ?? new Set<Connection>();
    this.#people.set(person, connections);
    connections.add(connection);
  }

  join(room: RoomId, receiver: Receiver, history: number): Cursor {
    const feed = this.#feeds.get(room) ?? this.#open(room);
    const cursor = feed.join(receiver, history);
    this.#cursors.set(cursor, feed);
    return cursor;
  }

  part(cursor: Cursor): void {
    this.#cursors.get(cursor)?.leave(cursor);
    this.#cursors.delete(cursor);
  }

  #open(room: RoomId): Feed {
    const { world } = this;
    const feed = new Feed(world.head(room), {
      page: (limit) => world.page(room, null, limit),
      events: (after, limit) => world.events(room, after, limit),
      later: (ms, run) => this.#clock.after(ms, run),
    });
    this.#feeds.set(room, feed);
    return feed;
  }

  #of(person: PersonId): Connection[] {
    return [...(this.#people.get(person) ?? [])];
  }
}
