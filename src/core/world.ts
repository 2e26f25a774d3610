import { err, ok } from '../lib/result.ts';
import type { PersonActor } from './engine/decide.ts';
import { Engine } from './engine/engine.ts';
import type { OnceOnly } from './engine/queue.ts';
import { openLobby } from './lobby.ts';
import type { Account } from './model/account.ts';
import type { Ban } from './model/entries.ts';
import { type PersonId, personStream, type RoomId, roomStream } from './model/ids.ts';
import type { Departure, Person } from './model/person.ts';
import type { DeliveryMarkerRow, RoomMarkers } from './model/rows.ts';
import { tokenDigest } from './model/token.ts';
import type { WorldObserver } from './observer.ts';
import type { Password, Ports } from './ports.ts';
import { Cluster } from './presence/cluster.ts';
import { LocalSessions, type PresenceSession } from './presence/local-sessions.ts';
import { NameReservations } from './presence/name-reservations.ts';
import type { ServingGate } from './presence/serving-gate.ts';
import { whileServing } from './presence/while-serving.ts';
import { WorldReader } from './reader.ts';
import { type AccountRules, Accounts } from './services/accounts.ts';
import { type Done, ServiceContext } from './services/context.ts';
import { Deletions } from './services/deletions.ts';
import { Files } from './services/files.ts';
import { History } from './services/history.ts';
import { Invitations } from './services/invitations.ts';
import { Messages } from './services/messages.ts';
import { type CommandServices, OnceContext, OnceServices } from './services/once.ts';
import { Moderation } from './services/moderation.ts';
import { People } from './services/people.ts';
import { Quotes } from './services/quotes.ts';
import { ReadPositions } from './services/read-positions.ts';
import { Relationships } from './services/relationships.ts';
import { RoomManagement } from './services/room-management.ts';
import { Rooms } from './services/rooms.ts';
import { Sessions } from './services/sessions.ts';
import { Searches } from './services/search.ts';
import { Tokens } from './services/tokens.ts';
import { Typing } from './services/typing.ts';
import { Units } from './services/units.ts';
import { skeletonOf } from './text/names/skeleton.ts';
import {
  changedStatus,
  isSameStatus,
  parseStatus,
  parseStatusChange,
  type Status,
  type StatusChange,
} from './text/status.ts';
import { WorldEvents } from './world-events.ts';

/** A person who logged in, and the position of the entry that set the person's password. */
export type LoginResult = Person & { readonly passwordPosition: number };

/** The settings of the world. */
export type WorldRules = { readonly lobby: string } & AccountRules;

const DEFAULT_SESSION: PresenceSession = { acceptsDirect: true, status: null };

/** The only entry point of `core/`. It wires and routes; `commands/` decides, and the command processor orders. */
export class World implements CommandServices {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly people: People;
  readonly units: Units;
  readonly relationships: Relationships;
  readonly rooms: Rooms;
  readonly management: RoomManagement;
  readonly invitations: Invitations;
  readonly messages: Messages;
  readonly history: History;
  readonly searches: Searches;
  readonly readPositions: ReadPositions;
  readonly typing: Typing;
  readonly moderation: Moderation;
  readonly deletions: Deletions;
  readonly sessions: Sessions;
  readonly files: Files;
  readonly reader: WorldReader;
  readonly #context: ServiceContext;
  readonly #sessions: LocalSessions;
  readonly #onceParts: ConstructorParameters<typeof OnceServices>[1];

  private constructor(ports: Ports, observer: WorldObserver, rules: WorldRules) {
    const bus = whileServing(ports.bus, () => cluster.lease.gate);
    const engine = new Engine({ ...ports, bus }, () => events);
    const { cache, processor, published } = engine;
    const cluster = new Cluster(ports.node, ports, engine.poll, { people: () => this.#sessions });
    const reservations = new NameReservations(ports, cache, cluster);
    const context = new ServiceContext(ports, engine, cluster);
    this.#sessions = new LocalSessions({ ...ports, cache, processor, published, cluster, reservations, observer });
    this.#context = context;
    this.people = new People(context);
    this.units = new Units(context);
    this.accounts = new Accounts(context, reservations, rules);
    this.tokens = new Tokens(context);
    this.relationships = new Relationships(context, this.people);
    this.rooms = new Rooms(context, reservations);
    this.management = new RoomManagement(context);
    this.invitations = new Invitations(context, this.rooms);
    const quotes = new Quotes(context);
    this.#onceParts = { people: this.people, quotes, reservations, rules };
    this.messages = new Messages(context, this.people, quotes);
    this.history = new History(context, this.people, this.rooms, quotes);
    this.searches = new Searches(context, this.people);
    this.readPositions = new ReadPositions(context);
    this.typing = new Typing(context, this.history);
    this.moderation = new Moderation(context);
    this.sessions = new Sessions(context);
    this.files = new Files(context);
    this.deletions = new Deletions(context, this.messages, this.accounts);
    this.reader = new WorldReader(context, this.people, this.readPositions);
    const events = new WorldEvents(
      context,
      { sessions: this.#sessions, history: this.history, readPositions: this.readPositions, typing: this.typing },
      observer,
      ports.log,
    );
  }

  /** Opens the world on its storage and makes the lobby if it is missing; rejects when storage is unavailable. */
  static async open(ports: Ports, observer: WorldObserver, rules: WorldRules): Promise<World> {
    const world = new World(ports, observer, rules);
    try {
      await world.#context.cluster.open();
      await openLobby(world.#context, { spelling: rules.lobby, skeleton: skeletonOf(rules.lobby) });
    } catch (error) {
      await world.#context.cluster.leave();
      world.close();
      throw error;
    }
    return world;
  }

  /** Whether this node may serve now, and where requests wait while it may not. */
  get gate(): ServingGate {
    return this.#context.cluster.lease.gate;
  }

  /** The room that protocols without rooms show. */
  get lobby(): RoomId {
    return this.#context.lobby;
  }

  /** All bans, in force or expired. */
  get bans(): Iterable<Ban> {
    return this.#context.directory?.bans.values() ?? [];
  }

  /** The committed position of a room. */
  position(room: RoomId): number {
    return this.#context.committed.position(roomStream(room));
  }

  /** Keeps a room in memory until `unpinRoom` is called as often. */
  pinRoom(room: RoomId): void {
    this.#context.cache.pin(roomStream(room));
  }

  unpinRoom(room: RoomId): void {
    this.#context.cache.unpin(roomStream(room));
  }

  /** Keeps what a person keeps in memory until `unpinPerson` is called as often. */
  pinPerson(person: PersonId): void {
    this.#context.cache.pin(personStream(person));
  }

  unpinPerson(person: PersonId): void {
    this.#context.cache.unpin(personStream(person));
  }

  /**
   * The services for one command that may be sent again: it is done once. Its result, as `once` writes it, is kept in the commit
   * with its entries. If storage has a result already, nothing is done, and `once.repeated` gets it.
   */
  once(once: OnceOnly): CommandServices {
    return new OnceServices(new OnceContext(this.#context, once), this.#onceParts);
  }

  /** Does nothing; by `once` it keeps that a command was done that storage knows nothing of. */
  note(done: Done<null>): void {
    done(ok(null));
  }

  /** Loads rooms and keeps them until `use` has settled; rejects as `use` does, and when storage is unavailable. */
  useRooms<T>(rooms: readonly RoomId[], use: () => T | Promise<T>): Promise<T> {
    return this.#context.cache.use(rooms.map(roomStream), use);
  }

  /** A present person as an actor. */
  actor(person: PersonId): PersonActor | undefined {
    return this.#context.actor(person);
  }

  /** Begins the session of a new guest. */
  enter(name: string, done: Done<Person>, session: PresenceSession = DEFAULT_SESSION): void {
    void this.#sessions.enter(name, session, done);
  }

  /** Begins one more session of an account, by its password. */
  login(name: string, password: Password, done: Done<LoginResult>, session: PresenceSession = DEFAULT_SESSION): void {
    if (this.#context.cluster.isStopping) return done(err({ type: 'stopping' })); // WORLD-50
    const verified = this.#context.catchUpDirectory().then(() => this.accounts.verify(name, password)); // SERVER-297
    void verified.then((login) => {
      if (!login.ok) return done(login);
      const { account, passwordPosition } = login.value;
      const isValid = () => this.accounts.isPasswordCurrent(account.person, passwordPosition); // WORLD-97
      this.#enter(account, session, isValid, () => passwordPosition, done);
    });
  }

  /** Begins one more session of an account, by one of its tokens. */
  resume(name: string, token: string, done: Done<LoginResult>, session: PresenceSession = DEFAULT_SESSION): void {
    if (this.#context.cluster.isStopping) return done(err({ type: 'stopping' })); // WORLD-50
    const found = this.#context.catchUpDirectory().then(() => this.tokens.account(name, token)); // SERVER-297
    void found.then(async (account) => {
      if (!account.ok) return done(account);
      const { person } = account.value;
      await this.tokens.catchUp(person, token).catch(() => {}); // WORLD-96
      let passwordPosition = 0;
      const isValid = () => {
        passwordPosition = this.accounts.passwordPosition(person) ?? 0;
        return this.tokens.isValid(person, tokenDigest(token)); // WORLD-96
      };
      this.#enter(account.value, session, isValid, () => passwordPosition, done);
    });
  }

  /** Begins one more session of an account that logged in before with the password that was set at this position. */
  reenter(person: PersonId, passwordPosition: number, session: PresenceSession, done: Done<Person>): void {
    if (this.#context.cluster.isStopping) return done(err({ type: 'stopping' })); // WORLD-50
    void this.#context.catchUpDirectory().then(() => {
      const account = this.people.account(person); // SERVER-297
      if (account === undefined) return done(err({ type: 'wrong-credentials' })); // WORLD-120
      const isValid = () => this.accounts.isPasswordCurrent(person, passwordPosition); // WORLD-97
      void this.#sessions.enterAccount(account, session, isValid, done);
    });
  }

  rename(person: PersonId, name: string, done: Done<Person>): void {
    void this.#sessions.rename(person, name, done);
  }

  setStatus(person: PersonId, text: string, done: Done<Status>): void {
    const status = parseStatus(text);
    if (!status.ok) return done(err({ type: 'bad-status', problem: status.error }));
    this.#sessions.setStatus(person, () => status.value, done);
  }

  /** Changes presence and free text apart; what is missing in the change stays. A conflict if the status is not `expected`. */
  changeStatus(person: PersonId, change: StatusChange, done: Done<Status>, expected?: Status): void {
    const checked = parseStatusChange(change);
    if (!checked.ok) return done(err({ type: 'bad-status', problem: checked.error }));
    const after = (before: Status) =>
      expected === undefined || isSameStatus(before, expected) ? changedStatus(before, checked.value) : null; // WORLD-136
    this.#sessions.setStatus(person, after, done); // WORLD-131
  }

  /** Ends a session, unless it has ended already; `ended` is called when everything before it is published. */
  leave(person: PersonId, departure: Departure, session: PresenceSession = DEFAULT_SESSION, ended?: () => void): void {
    this.#sessions.leave(person, departure, session, ended);
  }

  /** Up to which messages rooms were delivered to the person; rejects when storage is unavailable. */
  deliveryMarkers(person: PersonId): Promise<RoomMarkers> {
    return this.#context.storage.deliveryMarkers(person);
  }

  /** Saves all of these or none; resolves to false when storage is unavailable. */
  saveDeliveryMarkers(rows: readonly DeliveryMarkerRow[]): Promise<boolean> {
    return this.#context.processor.writeRows(rows.map((row) => ({ op: 'put', table: 'shown', row })));
  }

  /** Refuses new people and commands; resolves when all earlier commands are committed or refused and the lease has ended. */
  async stop(): Promise<void> {
    this.#context.cluster.isStopping = true;
    await this.#context.processor.settled();
    await this.#context.cluster.leave();
  }

  /** Ends timers and the subscriptions of the bus; call `stop` first. */
  close(): void {
    this.#context.engine.bus.close();
    this.#context.cluster.close();
  }

  #enter(
    account: Account,
    session: PresenceSession,
    isValid: () => boolean,
    passwordPosition: () => number,
    done: Done<LoginResult>,
  ): void {
    void this.#sessions.enterAccount(account, session, isValid, (result) =>
      done(result.ok ? ok({ ...result.value, passwordPosition: passwordPosition() }) : result),
    );
  }
}
