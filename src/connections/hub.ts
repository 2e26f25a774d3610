import type { Ban } from '../core/model/entries.ts';
import type { Event, RecordEvent } from '../core/model/events.ts';
import { parseStream, type PersonId, type RoomId, type StreamId } from '../core/model/ids.ts';
import type { Departure, Person } from '../core/model/person.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { WorldObserver } from '../core/observer.ts';
import type { Clock, Ids, Ports } from '../core/ports.ts';
import type { PresenceSession } from '../core/presence/local-sessions.ts';
import type { World } from '../core/world.ts';
import { cautiousTime } from '../lib/cautious-time.ts';
import type { Link } from '../transports/link.ts';
import { Views } from '../views/views.ts';
import { ClientConnection } from './client-connection.ts';
import type { Connection, OpenConnection } from './connection.ts';
import { BlockIndex } from './delivery/block-index.ts';
import type { Cursor, Receiver, Source } from './delivery/cursor.ts';
import { DeliveryMarkers } from './delivery/delivery-markers.ts';
import { eventsByRoom } from './delivery/events-by-room.ts';
import { filteredReceivers } from './delivery/filtered-receivers.ts';
import { RoomBroadcast } from './delivery/room-broadcast.ts';
import { RosterUpdates } from './delivery/roster-updates.ts';
import { TypingBroadcast } from './delivery/typing-broadcast.ts';
import { AddressBans } from './limits/address-bans.ts';
import { AttemptExchange } from './limits/attempt-exchange.ts';
import { LoginThrottle } from './limits/login-throttle.ts';
import { RateLimits, type Rates } from './limits/rate-limits.ts';
import { FlushScheduler } from './output/flush-scheduler.ts';
import type { ProtocolAdapter } from './protocol-adapter.ts';
import type { BacklogLimits, ConnectionServices } from './services.ts';
import { Gatherings } from './session/gatherings.ts';
import { SessionRegistry } from './session/session-registry.ts';

export type HubOptions = {
  readonly rates: Rates;
  readonly loginMs: number;
  readonly registrationsPerHour: number;
  readonly backlog: BacklogLimits;
};

/** From where a connection comes, what it speaks, and since when, in ms since 1970. */
export type ConnectionOrigin = { readonly address: string; readonly protocol: string; readonly since: number };

/** All connections of this process: delivers the world's events to their rooms, and gives connections what they share. */
export class Hub implements WorldObserver, ConnectionServices {
  readonly clock: Clock;
  readonly scheduler: FlushScheduler;
  readonly limits: RateLimits;
  readonly throttle: LoginThrottle;
  readonly sessions: SessionRegistry;
  readonly gatherings: Gatherings;
  readonly markers: DeliveryMarkers;
  readonly typing: TypingBroadcast;
  readonly backlog: BacklogLimits;
  readonly cautiousTime: () => number;
  readonly loginMs: number;
  readonly eventId: () => string;
  /**
   * Counts live deliveries, for metrics. Each event adds the number of cursors in its room whose variant shows it, also of
   * cursors that hide the event or are behind. Backlog and catching up add nothing.
   */
  deliveries = 0;
  readonly #broadcasts = new Map<RoomId, RoomBroadcast>();
  readonly #cursors = new Map<Cursor, RoomBroadcast>();
  readonly #connections = new Map<OpenConnection, ConnectionOrigin>();
  readonly #addressBans: AddressBans;
  readonly #attempts: AttemptExchange;
  readonly #people = new Map<PersonId, Set<Connection>>();
  readonly #blocks: BlockIndex;
  readonly #rosterUpdates: RosterUpdates;
  readonly #ids: Ids;
  #world: World | null = null;
  #views: Views | null = null;
  #stopping = false;

  constructor({ node, bus, clock, ids }: Pick<Ports, 'node' | 'bus' | 'clock' | 'ids'>, options: HubOptions) {
    this.clock = clock;
    this.#ids = ids;
    this.eventId = () => ids.identity(); // CONN-90
    this.scheduler = new FlushScheduler(clock);
    this.limits = new RateLimits(options.rates, clock, (person) => this.world.people.nodesOf(person));
    this.throttle = new LoginThrottle(clock, options.registrationsPerHour, (attempt) => this.#attempts.tell(attempt));
    this.#attempts = new AttemptExchange({ node, bus, clock }, (attempt) => this.throttle.heard(attempt));
    this.sessions = new SessionRegistry({ clock, ids }, () => this.world.sessions);
    this.gatherings = new Gatherings(clock, this.eventId);
    this.markers = new DeliveryMarkers(clock, () => this.world);
    this.typing = new TypingBroadcast(clock);
    this.backlog = options.backlog;
    this.cautiousTime = cautiousTime(clock);
    this.loginMs = options.loginMs;
    this.#addressBans = new AddressBans(() => this.world.bans, clock);
    this.#blocks = new BlockIndex(() => this.world);
    this.#rosterUpdates = new RosterUpdates(clock, this.eventId, () => this.world);
  }

  /** Sets the world that this hub observes; to be called before the first connection. */
  attach(world: World): void {
    this.#world = world;
    this.#views = new Views(world.reader, { clock: this.clock, ids: this.#ids });
  }

  /** Serves the link with this protocol from now on. */
  connect<In, Out>(adapter: ProtocolAdapter<In, Out>, link: Link): void {
    const connection = new ClientConnection(this, adapter, link);
    if (this.#stopping) connection.stop(() => {}); // CONN-25
  }

  get size(): number {
    return this.#connections.size;
  }

  /** From where each connection comes, for the operator. */
  get origins(): Iterable<ConnectionOrigin & { readonly person: Person | null }> {
    return [...this.#connections].map(([{ person }, origin]) => ({ ...origin, person }));
  }

  /** Answers open requests, refuses later ones, closes all links; resolves when they are closed and the markers are saved. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const connections = [...this.#connections.keys()];
    await Promise.all(connections.map((connection) => new Promise<void>((done) => connection.stop(done))));
    this.sessions.stop();
    this.#attempts.close();
    await this.markers.flush();
    this.#views?.close();
  }

  // WorldObserver

  deliver(events: readonly Event[]): void {
    if (this.#world === null) return; // The world creates its lobby before it is attached.
    // Before the delivery, so that the leaver is shown nothing of this batch.
    for (const event of events)
      if (event.type === 'member-left') for (const one of this.#of(event.person)) one.subscriptions?.left(event.room); // CONN-49
    for (const [room, list] of eventsByRoom(events, this.world))
      this.#broadcasts.get(room)?.deliver(
        list,
        filteredReceivers(list, (person) => this.#of(person), this.#blocks),
      );
    for (const event of events) {
      // And again, because the batch may hold a join before the leave.
      if (event.type === 'member-left') for (const one of this.#of(event.person)) one.subscriptions?.left(event.room); // CONN-49
      if (event.type !== 'member-joined') continue;
      const { person, since, other } = event.member;
      this.roomJoined(person, event.room, other !== null, event.position, since); // CONN-49
    }
    this.typing.observe(events);
    this.#rosterUpdates.observe(events);
    this.#views?.observe(events);
  }

  sessionsRemoved(person: PersonId, departure: Departure, sessions: ReadonlySet<PresenceSession>): void {
    const isMeant = ({ presenceSession: one }: Connection) =>
      one === null ? departure.type === 'removed' : sessions.has(one); // CONN-133
    for (const connection of this.#of(person)) if (isMeant(connection)) connection.depart(departure); // CONN-16
  }

  credentialsRevoked(person: PersonId, digest: string | null): void {
    for (const connection of this.#of(person)) connection.credentialsRevoked(digest);
  }

  addressBanned(ban: Ban): void {
    const departure = { type: 'removed', reason: ban.reason } as const;
    for (const [connection, { address }] of this.#connections) {
      if (!this.#addressBans.covers(ban, address)) continue;
      const { person, presenceSession } = connection;
      const depart = () => connection.depart(departure);
      if (person === null || presenceSession === null) depart();
      else this.world.leave(person.id, departure, presenceSession, depart); // CONN-103
    }
  }

  recorded(events: readonly RecordEvent[]): void {
    for (const event of events)
      if (event.type === 'block-added' || event.type === 'block-removed') this.#blocksChanged(event.person);
    this.#rosterUpdates.recorded(events);
    this.#views?.recorded(events);
  }

  roomJoined(person: PersonId, room: RoomId, direct: boolean, position: number, number: number): void {
    for (const one of this.#of(person)) one.subscriptions?.joined(room, direct, position, number);
  }

  resync(room: RoomId, position: number): void {
    this.#broadcasts.get(room)?.resync(position);
    this.#views?.resync(room);
  }

  reloaded(stream: StreamId): void {
    this.#views?.reloaded(stream);
    const { kind, id } = parseStream(stream);
    if (kind !== 'person') return;
    this.#blocksChanged(id); // CONN-110
    this.#rosterUpdates.relationshipsChanged(id); // CONN-110
  }

  probe(person: PersonId, alive: () => void): void {
    for (const connection of this.#of(person)) connection.probe(alive);
  }

  // ConnectionServices

  get world(): World {
    if (this.#world === null) throw new Error('there is no world yet');
    return this.#world;
  }

  get views(): Views {
    if (this.#views === null) throw new Error('there is no world yet');
    return this.#views;
  }

  get stopping(): boolean {
    return this.#stopping;
  }

  opened(connection: OpenConnection, address: string, protocol: string): void {
    this.#connections.set(connection, { address, protocol, since: this.clock.now() });
    this.limits.connected(address);
  }

  closed(connection: OpenConnection, address: string): void {
    this.#connections.delete(connection);
    this.limits.disconnected(address);
    if (connection.person !== null) this.loggedOut(connection, connection.person.id);
  }

  banOf(address: string): Extract<Refusal, { type: 'banned' }> | null {
    const ban = this.#addressBans.on(address); // CONN-102
    return ban === undefined ? null : { type: 'banned', reason: ban.reason };
  }

  loggedIn(connection: Connection, person: PersonId): void {
    const connections = this.#people.get(person) ?? new Set<Connection>();
    this.#people.set(person, connections);
    connections.add(connection);
  }

  loggedOut(connection: Connection, person: PersonId): void {
    this.#rosterUpdates.unwatch(connection);
    this.#blocks.forget(connection);
    const connections = this.#people.get(person);
    if (connections === undefined) return;
    connections.delete(connection);
    if (connections.size === 0) this.#people.delete(person);
  }

  subscribed(connection: Connection, person: PersonId): void {
    this.#blocks.watch(connection, person);
    if (connection.subscriptions?.options.rosterUpdates === true) this.#rosterUpdates.watch(connection, person);
  }

  openCursor(room: RoomId, receiver: Receiver, isDirect: boolean): Cursor {
    const broadcast = this.#broadcasts.get(room) ?? this.#open(room, isDirect);
    const cursor = broadcast.openCursor(receiver);
    this.#cursors.set(cursor, broadcast);
    return cursor;
  }

  closeCursor(cursor: Cursor): void {
    const broadcast = this.#cursors.get(cursor);
    this.#cursors.delete(cursor);
    if (broadcast === undefined) return;
    broadcast.closeCursor(cursor);
    if (broadcast.size > 0 || broadcast.room === this.world.lobby) return;
    this.#broadcasts.delete(broadcast.room); // CONN-55
    this.world.unpinRoom(broadcast.room); // CONN-55
  }

  regroup(cursors: readonly Cursor[], change: () => void): void {
    for (const cursor of cursors) this.#cursors.get(cursor)?.remove(cursor);
    change();
    for (const cursor of cursors) this.#cursors.get(cursor)?.add(cursor);
  }

  #open(room: RoomId, isDirect: boolean): RoomBroadcast {
    const { world } = this;
    const source: Source = {
      events: (after, limit) => world.history.events(room, after, limit),
      later: (ms, run) => this.clock.after(ms, run),
    };
    const broadcast = new RoomBroadcast(
      room,
      world.position(room),
      source,
      isDirect,
      (count) => (this.deliveries += count),
    );
    world.pinRoom(room); // CONN-55
    this.#broadcasts.set(room, broadcast);
    return broadcast;
  }

  #blocksChanged(person: PersonId): void {
    this.#blocks.changed(person, this.#of(person));
  }

  #of(person: PersonId): Connection[] {
    return [...(this.#people.get(person) ?? [])];
  }
}
