import { err, ok } from '../lib/result.ts';
import { sha256 } from '../lib/sha256.ts';
import { Accounts, type AccountRules } from './services/accounts.ts';
import type { WorldObserver } from './observer.ts';
import { NameReservations } from './presence/name-reservations.ts';
import { Cluster } from './presence/cluster.ts';
import type { DecisionInput, PersonActor } from './engine/decide.ts';
import type { ServiceContext, Done } from './services/context.ts';
import { type PresenceSession, LocalSessions } from './presence/local-sessions.ts';
import type { Ban, Entry, Membership } from './model/entries.ts';
import { type Departure, eventOf, type EphemeralEvent, type Person } from './model/events.ts';
import { History } from './services/history.ts';
import { directoryStream, type NodeId, type PersonId, type RoomId, roomStream, type StreamId } from './model/ids.ts';
import { Known } from './engine/stream-cache.ts';
import { CommandProcessor } from './engine/command-processor.ts';
import { openLobby } from './lobby.ts';
import { Messages } from './services/messages.ts';
import { Moderation } from './services/moderation.ts';
import { skeletonOf } from './text/names/skeleton.ts';
import { People } from './services/people.ts';
import type { Password, Ports } from './ports.ts';
import { Rooms } from './services/rooms.ts';
import type { DeliveryMarkerRow } from './state/projection.ts';
import { PublishBuffer } from './engine/publish-buffer.ts';
import { parseStatus, type Status } from './text/status.ts';
import type { States } from './state/states.ts';
import { Relationships } from './services/relationships.ts';
import { Tokens } from './services/tokens.ts';
import type { Decision, OnceOnly } from './engine/pending-command.ts';

/** Somebody who came in with an account, and where in that person's stream the password was set then. */
export type LoginResult = Person & { readonly passwordPosition: number };

/** What the owner of the server decides about the world. */
export type WorldRules = { readonly lobby: string } & AccountRules;

/** How somebody comes who says nothing about it. */
const DEFAULT_SESSION: PresenceSession = { acceptsDirect: true, status: null };

/** The only door to the world. It routes: what is decided and how is in `commands/`, the order of all of it in the ledger. */
export class World {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly people: People;
  readonly relationships: Relationships;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly history: History;
  /** Which rooms have to stay known. */
  readonly known: Known;
  readonly moderation: Moderation;
  readonly #node: NodeId;
  readonly #ports: Ports;
  readonly #processor: CommandProcessor;
  readonly #cluster: Cluster;
  readonly #sessions: LocalSessions;
  readonly #observer: WorldObserver;
  readonly #context: ServiceContext;
  readonly #published = new PublishBuffer();
  #stopping = false;
  #lobby = 0;

  private constructor(ports: Ports, observer: WorldObserver, node: NodeId, rules: WorldRules) {
    this.#node = node;
    this.#ports = ports;
    this.#observer = observer;
    this.#processor = new CommandProcessor(ports, {
      committed: (entry) => this.#committed(entry),
      publish: () => this.#cluster.announcePositions(this.#published.publish(observer)),
      loaded: (stream, position) => this.#loaded(stream, position),
    });
    this.#cluster = new Cluster({
      node,
      ...ports,
      changed: (events) => this.#changed(events),
      observePosition: (stream, position) => this.#processor.observePosition(stream, position),
      pollPositions: () => void this.#processor.pollPositions().catch(() => ports.log.warn('storage-unavailable')),
      probe: (person, alive) => observer.probe(person, alive),
      remove: (person, departure) => new Promise((resolve) => this.#sessions.remove(person, departure, resolve)),
    });
    const { presence } = this.#cluster;
    const said = (person: PersonId) => presence.reportedBy(node, person);
    const reservations = new NameReservations({
      node,
      ...ports,
      processor: this.#processor,
      challenge: (person, holder) => this.#cluster.challenge(person, holder),
      reported: said,
      stopping: () => this.#stopping,
    });
    this.#sessions = new LocalSessions({
      ...ports,
      processor: this.#processor,
      reservations,
      report: (...change) => this.#published.add(...this.#cluster.report(...change)),
      reported: said,
      merged: (person) => presence.get(person),
      removed: (...removal) => observer.sessionsRemoved(...removal),
      afterPublish: (then) => this.#published.afterPublish(then),
    });
    this.known = new Known({
      processor: this.#processor,
      lobby: () => this.#lobby,
      forget: (person) => this.#sessions.forget(person),
      whenShown: (then) => this.#published.afterPublish(then),
    });
    const context: ServiceContext = {
      node,
      ...ports,
      processor: this.#processor,
      presence,
      lobby: () => this.#lobby,
      actor: (person) => this.actor(person),
      letGo: (person) => this.#sessions.letGo(person),
      known: this.known,
      submit: (...command) => this.#submit(...command),
    };
    this.#context = context;
    this.people = new People(context);
    this.accounts = new Accounts(context, reservations, rules);
    this.tokens = new Tokens(context);
    this.relationships = new Relationships(context, this.people);
    this.rooms = new Rooms(context);
    this.messages = new Messages(context, this.people);
    this.history = new History(context, this.people, this.rooms);
    this.moderation = new Moderation({
      ...context,
      kick: (person, reason) => this.#cluster.kick(person, reason),
    });
  }

  /** Opens the world on its storage, making the lobby where there is none; rejects when storage is unavailable. */
  static async open(ports: Ports, observer: WorldObserver, rules: WorldRules): Promise<World> {
    const world = new World(ports, observer, ports.ids.identity(), rules);
    try {
      world.#lobby = await openLobby(world.#context, { spelling: rules.lobby, skeleton: skeletonOf(rules.lobby) });
    } catch (error) {
      world.#cluster.close();
      throw error;
    }
    return world;
  }

  /** The room that wires without rooms show. */
  get lobby(): RoomId {
    return this.#lobby;
  }

  /** The bans that are on disk, in force or run out. */
  get bans(): Iterable<Ban> {
    const { committed } = this.#processor;
    return committed.has(directoryStream) ? committed.directory.bans.values() : [];
  }

  /** How far a room has got, as far as may be shown. */
  head(room: RoomId): number {
    return this.#processor.committed.position(roomStream(room));
  }

  /** Makes a room known; rejects when storage is unavailable. */
  load(room: RoomId): Promise<void> {
    return this.#processor.load(roomStream(room));
  }

  /** Somebody who is present, as one who asks. */
  actor(person: PersonId): PersonActor | undefined {
    const known = this.#cluster.presence.get(person);
    if (known === undefined) return undefined;
    const role = known.account ? (this.people.account(person)?.role ?? 'user') : null;
    return { type: 'person', person: { id: person, name: known.name }, skeleton: known.skeleton, role };
  }

  /** Comes in as a guest. */
  enter(name: string, done: Done<Person>, session: PresenceSession = DEFAULT_SESSION): void {
    void this.#sessions.enter(name, session, done);
  }

  /** Comes in with an account, however many connections it has already; the result says which entry set the password, too. */
  async login(
    name: string,
    password: Password,
    done: Done<LoginResult>,
    session: PresenceSession = DEFAULT_SESSION,
  ): Promise<void> {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const proof = await this.accounts.verify(name, password);
    if (!proof.ok) return done(proof);
    const { account, passwordPosition } = proof.value;
    const holds = () => this.accounts.isPasswordCurrent(account.person, passwordPosition); // WORLD-97
    const came: Done<Person> = (result) => done(result.ok ? ok({ ...result.value, passwordPosition }) : result);
    await this.#sessions.enterAccount(account, session, holds, came);
  }

  /** The same by a token of the account. */
  async resume(
    name: string,
    token: string,
    done: Done<LoginResult>,
    session: PresenceSession = DEFAULT_SESSION,
  ): Promise<void> {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const account = await this.tokens.account(name, token);
    if (!account.ok) return done(account);
    const { person } = account.value;
    await this.tokens.catchUp(person, token).catch(() => {}); // WORLD-96
    let passwordPosition = 0;
    const holds = () => {
      passwordPosition = this.accounts.passwordPosition(person) ?? 0;
      return this.tokens.isValid(person, sha256(token)); // WORLD-96
    };
    const came: Done<Person> = (result) => done(result.ok ? ok({ ...result.value, passwordPosition }) : result);
    await this.#sessions.enterAccount(account.value, session, holds, came);
  }

  rename(person: PersonId, name: string, done: Done<Person>): void {
    void this.#sessions.rename(person, name, done);
  }

  setStatus(person: PersonId, text: string, done: Done<Status>): void {
    const status = parseStatus(text);
    if (!status.ok) return done(err({ type: 'bad-status', problem: status.error }));
    this.#sessions.setStatus(person, status.value, done);
  }

  /** One visit of a person ends, unless it has ended already; `ended` comes when all that was before is shown. */
  leave(person: PersonId, departure: Departure, session: PresenceSession = DEFAULT_SESSION, ended?: () => void): void {
    this.#sessions.leave(person, departure, session, ended);
  }

  /** How far rooms were shown to the person; rejects when storage is unavailable. */
  deliveryMarkers(person: PersonId): Promise<DeliveryMarkerRow['rooms']> {
    return this.#ports.storage.deliveryMarkers(person);
  }

  /** Notes how far rooms were shown to people, of all or of none; resolves to false when storage is unavailable. */
  saveDeliveryMarkers(rows: readonly DeliveryMarkerRow[]): Promise<boolean> {
    return this.#processor.writeRows(rows.map((row) => ({ op: 'put', table: 'shown', row })));
  }

  /** Refuses what is new and resolves when all that was begun is committed or refused. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#processor.settled();
  }

  /** Ends timers and the bus; after `stop`. */
  close(): void {
    this.#cluster.close();
  }

  #submit<T>(
    streams: readonly StreamId[],
    decide: (states: States, input: DecisionInput) => Decision<T>,
    done: Done<T>,
    once?: OnceOnly<T>,
  ): void {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const { clock, ids } = this.#ports;
    const unknown = streams.filter((stream) => !this.#processor.committed.has(stream));
    this.#processor.submit({
      streams,
      decide: (states) => decide(states, { now: clock.now(), ids, lobby: this.#lobby }),
      done: unknown.length === 0 ? done : this.known.only(unknown, done), // WORLD-64
      ...(once && { once }),
    });
  }

  #committed(entry: Entry): void {
    this.#published.advance(entry.stream, entry.position);
    const { body } = entry;
    if (entry.stream.startsWith('room/')) {
      const event = eventOf(entry, this.history.conversation(Number(entry.stream.slice('room/'.length))));
      if (event !== null) this.#published.add(event.type === 'message-posted' ? event : this.history.named(event)); // WORLD-27
      return;
    }
    switch (body.type) {
      case 'ban-set':
        return this.#removeBanned(body.ban); // WORLD-31
      case 'account-created':
        this.#sessions.promote(body.account); // WORLD-52
        if (this.#cluster.presence.get(body.account.person) === undefined) return;
        return this.#published.afterPublish(() => this.#observer.personChanged(body.account.person, 'account')); // WORLD-52
      case 'account-changed':
        return this.#published.afterPublish(() => this.#observer.personChanged(body.account.person, 'account'));
      case 'room-joined':
        return this.#joinedElsewhere(body.membership); // WORLD-88
      case 'password-set':
        if (body.replaces === null) return;
        return this.#published.afterPublish(() => this.#observer.credentialsRevoked(body.person, null)); // WORLD-97
      case 'token-revoked':
        if (body.why !== 'asked') return;
        return this.#published.afterPublish(() => this.#observer.credentialsRevoked(body.person, body.digest)); // WORLD-98
      case 'contact-added':
      case 'contact-removed':
      case 'block-added':
      case 'block-removed':
        return this.#published.afterPublish(() => this.#observer.personChanged(body.person, 'ties'));
      default:
        return;
    }
  }

  /**
   * Somebody who is here came into a room that is not known here, because it happened on another node: what was said there
   * since is shown (WORLD-88). Where the room is known its own entry tells.
   */
  #joinedElsewhere({ person, room, other, since }: Membership): void {
    if (this.#processor.committed.has(roomStream(room)) || !this.#cluster.presence.nodesOf(person).includes(this.#node))
      return;
    const come = async () => {
      await this.#processor.load(roomStream(room));
      const before = since === 0 ? undefined : (await this.#ports.storage.page(room, since + 1, 1)).messages[0];
      this.#observer.roomJoined(person, room, other !== null, before?.position ?? 0, since);
      this.known.letGo(room);
    };
    come().catch(() => this.#ports.log.warn('storage-unavailable'));
  }

  /** Every node removes its own people. */
  #removeBanned({ skeleton, reason }: Ban): void {
    const holder = this.#cluster.presence.holderOf(skeleton);
    if (holder !== undefined) this.#sessions.removeNow(holder.person, { type: 'removed', reason });
  }

  #changed(events: readonly EphemeralEvent[]): void {
    if (events.length > 0)
      this.#processor.enqueueEphemeral({ run: () => this.#published.add(...events), done: () => {} });
  }

  /** What was read anew may have changed without a word of it. */
  #loaded(stream: StreamId, position: number): void {
    const [kind, id] = stream.split('/');
    if (kind === 'room') this.#observer.resync(Number(id), position);
    else if (kind === 'person') this.#observer.credentialsRevoked(Number(id), null); // WORLD-97
  }
}
