import { err, type Result } from '../lib/result.ts';
import { Cluster } from './cluster.ts';
import { decideCreateRoom } from './commands/create-room.ts';
import { decideDeleteMessage } from './commands/delete-message.ts';
import { decideEditMessage } from './commands/edit-message.ts';
import { decidePostMessage } from './commands/post-message.ts';
import { type Actor, type Context, refuse } from './decide.ts';
import { Entrance } from './entrance.ts';
import type { Ban, Entry } from './entries.ts';
import { type Departure, type Event, eventOf, type PassingEvent, type Person, type RoomEvent } from './events.ts';
import type { Contribution } from './hints.ts';
import {
  directoryStream,
  type MessageId,
  type NodeId,
  type PersonId,
  type RoomId,
  roomStream,
  type StreamId,
} from './ids.ts';
import { type Decision, Ledger } from './ledger.ts';
import type { Message } from './message.ts';
import { findMessage } from './find.ts';
import { Moderation } from './moderation.ts';
import type { Name } from './names/parse.ts';
import { skeletonOf } from './names/skeleton.ts';
import type { Bus, Clock, Ids, Log, Names, Page, Storage } from './ports.ts';
import type { Refusal } from './refusals.ts';
import { shownNow } from './shown.ts';
import type { States } from './states.ts';

/** Everything the world is given from outside. */
export type Ports = {
  readonly storage: Storage;
  readonly names: Names;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
};

/** Who shows what happens. */
export interface Audience {
  /** All that one batch made visible, in order; the commands in it have been answered. */
  show(events: readonly Event[]): void;
  /** A room was read and stands at this position. */
  moved(room: RoomId, position: number): void;
  /** Asks the person's connections for a sign of life; `alive` is called at the first. */
  probe(person: PersonId, alive: () => void): void;
}

type Done<T> = (result: Result<T, Refusal>) => void;
type PersonActor = Extract<Actor, { type: 'person' }>;

/** The only door to the world. It routes: what is decided and how is in `commands/`, the order of all of it in the ledger. */
export class World {
  readonly moderation: Moderation;
  readonly #node: NodeId;
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #cluster: Cluster;
  readonly #entrance: Entrance;
  readonly #audience: Audience;
  #events: Event[] = [];
  #moved = new Map<StreamId, number>();
  #stopping = false;
  #lobby = 0;

  private constructor(ports: Ports, audience: Audience, node: NodeId) {
    this.#node = node;
    this.#ports = ports;
    this.#audience = audience;
    this.#ledger = new Ledger(ports, {
      committed: (entry) => this.#committed(entry),
      show: () => this.#show(),
      loaded: (stream, position) => this.#loaded(stream, position),
    });
    this.#cluster = new Cluster({
      node,
      ...ports,
      changed: (events) => this.#changed(events),
      heard: (stream, head) => this.#ledger.hear(stream, head),
      poll: () => void this.#ledger.refresh().catch(() => ports.log.warn('storage-unavailable')),
      probe: (person, alive) => audience.probe(person, alive),
      remove: (person, departure) => new Promise((resolve) => this.#entrance.leave(person, departure, resolve)),
    });
    this.#entrance = new Entrance({
      node,
      ...ports,
      ledger: this.#ledger,
      challenge: (person, holder) => this.#cluster.challenge(person, holder),
      contribute: (person, name, departure) => {
        this.#events.push(...this.#cluster.contribute(person, name, departure));
      },
      nameOf: (person) => this.#nameOf(person),
      stopping: () => this.#stopping,
    });
    this.moderation = new Moderation({
      presence: this.#cluster.presence,
      submit: (streams, decide, done) => this.#submit(streams, decide, done),
      kick: (person, reason) => this.#cluster.kick(person, reason),
    });
  }

  /** Opens the world on its storage, making the lobby where there is none; rejects when storage is unavailable. */
  static async open(ports: Ports, audience: Audience, lobbyName: string): Promise<World> {
    const world = new World(ports, audience, ports.ids.identity());
    try {
      await world.#openLobby({ shown: lobbyName, skeleton: skeletonOf(lobbyName) });
    } catch (error) {
      world.#cluster.close();
      throw error;
    }
    return world;
  }

  /** The room that everybody is in. */
  get lobby(): RoomId {
    return this.#lobby;
  }

  /** Everybody who is present, in order of entering. */
  get people(): Iterable<Contribution> {
    return this.#cluster.presence.all;
  }

  /** The bans that are on disk, in force or run out. */
  get bans(): Iterable<Ban> {
    const { committed } = this.#ledger;
    return committed.has(directoryStream) ? committed.directory.bans.values() : [];
  }

  /** How far a room has got, as far as may be shown. */
  head(room: RoomId): number {
    return this.#ledger.committed.position(roomStream(room));
  }

  enter(name: string, done: Done<Person>): void {
    void this.#entrance.enter(name, done);
  }

  rename(person: PersonId, name: string, done: Done<Person>): void {
    void this.#entrance.rename(person, name, done);
  }

  leave(person: PersonId, departure: Departure): void {
    this.#entrance.leave(person, departure);
  }

  post(person: PersonId, room: RoomId, text: string, clientTime: number | null, done: Done<Message>): void {
    const actor = this.#actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const command = { type: 'post-message', actor, room, text, clientTime } as const;
    this.#submit([roomStream(room)], (states, context) => decidePostMessage(states, command, context), done);
  }

  edit(person: PersonId, id: MessageId, text: string, done: Done<Message>): void {
    const actor = this.#actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    this.#withMessage(
      id,
      done,
      (found) => (states, context) => decideEditMessage(states, { type: 'edit-message', actor, found, text }, context),
    );
  }

  delete(actor: Actor, id: MessageId, done: Done<Message>): void {
    this.#withMessage(
      id,
      done,
      (found) => (states, context) => decideDeleteMessage(states, { type: 'delete-message', actor, found }, context),
    );
  }

  /** Messages of a room as they stand, with their authors' names as they are to be shown now; rejects when unavailable. */
  async page(room: RoomId, before: number | null, limit: number): Promise<Page> {
    const page = await this.#ports.storage.page(room, before, limit);
    return { ...page, messages: page.messages.map((message) => shownNow(this.#cluster.presence, message)) };
  }

  /** What happened in a room after a position, oldest first; rejects when unavailable. */
  async events(room: RoomId, after: number, limit: number): Promise<readonly RoomEvent[]> {
    const entries = await this.#ports.storage.entries(roomStream(room), after, limit);
    return entries.flatMap((entry) => eventOf(entry) ?? []);
  }

  /** Refuses what is new and resolves when all that was begun is committed or refused. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#ledger.settled();
  }

  /** Ends timers and the bus; after `stop`. */
  close(): void {
    this.#cluster.close();
  }

  async #openLobby(name: Name): Promise<void> {
    await this.#ledger.load(directoryStream);
    const { directory } = this.#ledger.committed;
    if (!directory.names.has(name.skeleton)) {
      const room = this.#ports.ids.integer();
      await this.#ledger.load(roomStream(room));
      const result = await new Promise<Result<RoomId, Refusal>>((done) =>
        this.#submit(
          [directoryStream, roomStream(room)],
          (states, context) => decideCreateRoom(states, { type: 'create-room', room, name }, context),
          done,
        ),
      );
      if (!result.ok && result.error.type === 'unavailable')
        throw new Error('the lobby cannot be made: storage is unavailable');
    }
    this.#lobby = directory.names.get(name.skeleton)?.room ?? 0;
    await this.#ledger.load(roomStream(this.#lobby));
  }

  #submit<T>(
    streams: readonly StreamId[],
    decide: (states: States, context: Context) => Decision<T>,
    done: Done<T>,
  ): void {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const { clock, ids } = this.#ports;
    this.#ledger.submit({ streams, decide: (states) => decide(states, { now: clock.now(), ids }), done });
  }

  /** Finds a message, and decides about it in the same step as it is known to be found as it stands (WORLD-09). */
  #withMessage<T>(
    id: MessageId,
    done: Done<T>,
    decide: (found: Message) => (states: States, at: Context) => Decision<T>,
  ): void {
    findMessage(this.#ports.storage, this.#ledger, id).then(
      (found) => {
        if (found === null) return done(err({ type: 'not-found' })); // WORLD-15
        const { message, position } = found;
        this.#submit(
          [roomStream(message.room)],
          (states, at) =>
            states.room(message.room).forgotten > position
              ? refuse({ type: 'unavailable' })
              : decide(message)(states, at), // WORLD-09
          done,
        );
      },
      () => done(err({ type: 'unavailable' })),
    );
  }

  #actor(person: PersonId): PersonActor | undefined {
    const known = this.#cluster.presence.get(person);
    return known && { type: 'person', person: { id: person, name: known.name }, skeleton: known.skeleton };
  }

  #nameOf(person: PersonId): Name | undefined {
    const known = this.#cluster.presence.get(person);
    return known && { shown: known.name, skeleton: known.skeleton };
  }

  #committed(entry: Entry): void {
    this.#moved.set(entry.stream, entry.position);
    const event = eventOf(entry);
    if (event !== null) this.#events.push(event);
    if (entry.body.type === 'ban-set') this.#removeBanned(entry.body.ban); // WORLD-31
  }

  /** Every node removes its own people. */
  #removeBanned({ skeleton, reason }: Ban): void {
    const bearer = this.#cluster.presence.bearer(skeleton);
    if (bearer === undefined || !this.#cluster.presence.nodesOf(bearer.person).includes(this.#node)) return;
    this.#events.push(...this.#cluster.contribute(bearer.person, null, { type: 'removed', reason }));
    void this.#ports.names.release(skeleton, bearer.person);
  }

  #changed(events: readonly PassingEvent[]): void {
    if (events.length > 0) this.#ledger.pass({ run: () => this.#events.push(...events), done: () => {} });
  }

  #loaded(stream: StreamId, position: number): void {
    if (stream.startsWith('room/')) this.#audience.moved(Number(stream.slice('room/'.length)), position);
  }

  #show(): void {
    const events = this.#events.splice(0);
    if (events.length > 0) this.#audience.show(events);
    this.#cluster.announce([...this.#moved]);
    this.#moved.clear();
  }
}
