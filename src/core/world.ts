import { err, ok } from '../lib/result.ts';
import { sha256 } from '../lib/sha256.ts';
import { Accounts, type AccountRules } from './accounts.ts';
import type { Audience } from './audience.ts';
import { Claims } from './claims.ts';
import { Cluster } from './cluster.ts';
import type { Context, PersonActor } from './decide.ts';
import type { Doors, Done } from './doors.ts';
import { type Arrival, Entrance } from './entrance.ts';
import type { Ban, Entry, Membership } from './entries.ts';
import { type Departure, eventOf, type PassingEvent, type Person } from './events.ts';
import { History } from './history.ts';
import { directoryStream, type NodeId, type PersonId, type RoomId, roomStream, type StreamId } from './ids.ts';
import { Known } from './known.ts';
import { Ledger } from './ledger.ts';
import { openLobby } from './lobby.ts';
import { Messages } from './messages.ts';
import { Moderation } from './moderation.ts';
import { skeletonOf } from './names/skeleton.ts';
import { People } from './people.ts';
import type { Password, Ports } from './ports.ts';
import { Rooms } from './rooms.ts';
import type { ShownRow } from './rows.ts';
import { Stage } from './stage.ts';
import { parseStatus, type Status } from './status.ts';
import type { States } from './states.ts';
import { Ties } from './ties.ts';
import { Tokens } from './tokens.ts';
import type { Decision, OnceFor } from './work.ts';

/** Somebody who came in with an account, and where in that person's stream the password was set then. */
export type CameIn = Person & { readonly passwordAt: number };

/** What the owner of the server decides about the world. */
export type WorldRules = { readonly lobby: string } & AccountRules;

/** How somebody comes who says nothing about it. */
const ARRIVAL: Arrival = { reachable: true, status: null };

/** The only door to the world. It routes: what is decided and how is in `commands/`, the order of all of it in the ledger. */
export class World {
  readonly accounts: Accounts;
  readonly tokens: Tokens;
  readonly people: People;
  readonly ties: Ties;
  readonly rooms: Rooms;
  readonly messages: Messages;
  readonly history: History;
  /** Which rooms have to stay known. */
  readonly known: Known;
  readonly moderation: Moderation;
  readonly #node: NodeId;
  readonly #ports: Ports;
  readonly #ledger: Ledger;
  readonly #cluster: Cluster;
  readonly #entrance: Entrance;
  readonly #audience: Audience;
  readonly #doors: Doors;
  readonly #stage = new Stage();
  #stopping = false;
  #lobby = 0;

  private constructor(ports: Ports, audience: Audience, node: NodeId, rules: WorldRules) {
    this.#node = node;
    this.#ports = ports;
    this.#audience = audience;
    this.#ledger = new Ledger(ports, {
      committed: (entry) => this.#committed(entry),
      show: () => this.#cluster.announce(this.#stage.show(audience)),
      loaded: (stream, position) => this.#loaded(stream, position),
    });
    this.#cluster = new Cluster({
      node,
      ...ports,
      changed: (events) => this.#changed(events),
      heard: (stream, head) => this.#ledger.hear(stream, head),
      poll: () => void this.#ledger.refresh().catch(() => ports.log.warn('storage-unavailable')),
      probe: (person, alive) => audience.probe(person, alive),
      remove: (person, departure) => new Promise((resolve) => this.#entrance.remove(person, departure, resolve)),
    });
    const { presence } = this.#cluster;
    const said = (person: PersonId) => presence.said(node, person);
    const claims = new Claims({
      node,
      ...ports,
      ledger: this.#ledger,
      challenge: (person, holder) => this.#cluster.challenge(person, holder),
      said,
      stopping: () => this.#stopping,
    });
    this.#entrance = new Entrance({
      ...ports,
      ledger: this.#ledger,
      claims,
      contribute: (...change) => this.#stage.add(...this.#cluster.contribute(...change)),
      said,
      present: (person) => presence.get(person),
      removed: (...removal) => audience.removed(...removal),
      whenShown: (then) => this.#stage.after(then),
    });
    this.known = new Known({
      ledger: this.#ledger,
      lobby: () => this.#lobby,
      forget: (person) => this.#entrance.forget(person),
      whenShown: (then) => this.#stage.after(then),
    });
    const doors: Doors = {
      node,
      ...ports,
      ledger: this.#ledger,
      presence,
      lobby: () => this.#lobby,
      actor: (person) => this.actor(person),
      letGo: (person) => this.#entrance.letGo(person),
      known: this.known,
      submit: (...command) => this.#submit(...command),
    };
    this.#doors = doors;
    this.people = new People(doors);
    this.accounts = new Accounts(doors, claims, rules);
    this.tokens = new Tokens(doors);
    this.ties = new Ties(doors, this.people);
    this.rooms = new Rooms(doors);
    this.messages = new Messages(doors, this.people);
    this.history = new History(doors, this.people, this.rooms);
    this.moderation = new Moderation({
      ...doors,
      kick: (person, reason) => this.#cluster.kick(person, reason),
    });
  }

  /** Opens the world on its storage, making the lobby where there is none; rejects when storage is unavailable. */
  static async open(ports: Ports, audience: Audience, rules: WorldRules): Promise<World> {
    const world = new World(ports, audience, ports.ids.identity(), rules);
    try {
      world.#lobby = await openLobby(world.#doors, { shown: rules.lobby, skeleton: skeletonOf(rules.lobby) });
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
    const { committed } = this.#ledger;
    return committed.has(directoryStream) ? committed.directory.bans.values() : [];
  }

  /** How far a room has got, as far as may be shown. */
  head(room: RoomId): number {
    return this.#ledger.committed.position(roomStream(room));
  }

  /** Makes a room known; rejects when storage is unavailable. */
  load(room: RoomId): Promise<void> {
    return this.#ledger.load(roomStream(room));
  }

  /** Somebody who is present, as one who asks. */
  actor(person: PersonId): PersonActor | undefined {
    const known = this.#cluster.presence.get(person);
    if (known === undefined) return undefined;
    const role = known.account ? (this.people.account(person)?.role ?? 'user') : null;
    return { type: 'person', person: { id: person, name: known.name }, skeleton: known.skeleton, role };
  }

  /** Comes in as a guest. */
  enter(name: string, done: Done<Person>, arrival: Arrival = ARRIVAL): void {
    void this.#entrance.enter(name, arrival, done);
  }

  /** Comes in with an account, however many connections it has already; the result says which entry set the password, too. */
  async login(name: string, password: Password, done: Done<CameIn>, arrival: Arrival = ARRIVAL): Promise<void> {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const proof = await this.accounts.verify(name, password);
    if (!proof.ok) return done(proof);
    const { account, passwordAt } = proof.value;
    const holds = () => this.accounts.stands(account.person, passwordAt); // WORLD-97
    const came: Done<Person> = (result) => done(result.ok ? ok({ ...result.value, passwordAt }) : result);
    await this.#entrance.arrive(account, arrival, holds, came);
  }

  /** The same by a token of the account. */
  async resume(name: string, token: string, done: Done<CameIn>, arrival: Arrival = ARRIVAL): Promise<void> {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const account = await this.tokens.account(name, token);
    if (!account.ok) return done(account);
    const { person } = account.value;
    await this.tokens.catchUp(person, token).catch(() => {}); // WORLD-96
    let passwordAt = 0;
    const holds = () => {
      passwordAt = this.accounts.passwordAt(person) ?? 0;
      return this.tokens.stands(person, sha256(token)); // WORLD-96
    };
    const came: Done<Person> = (result) => done(result.ok ? ok({ ...result.value, passwordAt }) : result);
    await this.#entrance.arrive(account.value, arrival, holds, came);
  }

  rename(person: PersonId, name: string, done: Done<Person>): void {
    void this.#entrance.rename(person, name, done);
  }

  setStatus(person: PersonId, text: string, done: Done<Status>): void {
    const status = parseStatus(text);
    if (!status.ok) return done(err({ type: 'bad-status', problem: status.error }));
    this.#entrance.setStatus(person, status.value, done);
  }

  /** One visit of a person ends, unless it has ended already; `ended` comes when all that was before is shown. */
  leave(person: PersonId, departure: Departure, visit: Arrival = ARRIVAL, ended?: () => void): void {
    this.#entrance.leave(person, departure, visit, ended);
  }

  /** How far rooms were shown to the person; rejects when storage is unavailable. */
  shown(person: PersonId): Promise<ShownRow['rooms']> {
    return this.#ports.storage.shown(person);
  }

  /** Notes how far rooms were shown to people, of all or of none; resolves to false when storage is unavailable. */
  keepShown(rows: readonly ShownRow[]): Promise<boolean> {
    return this.#ledger.keep(rows.map((row) => ({ op: 'put', table: 'shown', row })));
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

  #submit<T>(
    streams: readonly StreamId[],
    decide: (states: States, context: Context) => Decision<T>,
    done: Done<T>,
    once?: OnceFor<T>,
  ): void {
    if (this.#stopping) return done(err({ type: 'stopping' })); // WORLD-50
    const { clock, ids } = this.#ports;
    const unknown = streams.filter((stream) => !this.#ledger.committed.has(stream));
    this.#ledger.submit({
      streams,
      decide: (states) => decide(states, { now: clock.now(), ids, lobby: this.#lobby }),
      done: unknown.length === 0 ? done : this.known.only(unknown, done), // WORLD-64
      ...(once && { once }),
    });
  }

  #committed(entry: Entry): void {
    this.#stage.moved(entry.stream, entry.position);
    const { body } = entry;
    if (entry.stream.startsWith('room/')) {
      const event = eventOf(entry, this.history.place(Number(entry.stream.slice('room/'.length))));
      if (event !== null) this.#stage.add(event.type === 'message-posted' ? event : this.history.named(event)); // WORLD-27
      return;
    }
    switch (body.type) {
      case 'ban-set':
        return this.#removeBanned(body.ban); // WORLD-31
      case 'account-created':
        this.#entrance.promote(body.account); // WORLD-52
        if (this.#cluster.presence.get(body.account.person) === undefined) return;
        return this.#stage.after(() => this.#audience.changed(body.account.person, 'account')); // WORLD-52
      case 'account-changed':
        return this.#stage.after(() => this.#audience.changed(body.account.person, 'account'));
      case 'room-joined':
        return this.#cameInto(body.membership); // WORLD-88
      case 'password-set':
        if (body.replaces === null) return;
        return this.#stage.after(() => this.#audience.outdated(body.person, null)); // WORLD-97
      case 'token-revoked':
        if (body.why !== 'asked') return;
        return this.#stage.after(() => this.#audience.outdated(body.person, body.digest)); // WORLD-98
      case 'contact-added':
      case 'contact-removed':
      case 'block-added':
      case 'block-removed':
        return this.#stage.after(() => this.#audience.changed(body.person, 'ties'));
      default:
        return;
    }
  }

  /**
   * Somebody who is here came into a room that is not known here, because it happened on another node: what was said there
   * since is shown (WORLD-88). Where the room is known its own entry tells.
   */
  #cameInto({ person, room, other, since }: Membership): void {
    if (this.#ledger.committed.has(roomStream(room)) || !this.#cluster.presence.nodesOf(person).includes(this.#node))
      return;
    const come = async () => {
      await this.#ledger.load(roomStream(room));
      const before = since === 0 ? undefined : (await this.#ports.storage.page(room, since + 1, 1)).messages[0];
      this.#audience.joined(person, room, other !== null, before?.position ?? 0, since);
      this.known.letGo(room);
    };
    come().catch(() => this.#ports.log.warn('storage-unavailable'));
  }

  /** Every node removes its own people. */
  #removeBanned({ skeleton, reason }: Ban): void {
    const bearer = this.#cluster.presence.bearer(skeleton);
    if (bearer !== undefined) this.#entrance.removeNow(bearer.person, { type: 'removed', reason });
  }

  #changed(events: readonly PassingEvent[]): void {
    if (events.length > 0) this.#ledger.pass({ run: () => this.#stage.add(...events), done: () => {} });
  }

  /** What was read anew may have changed without a word of it. */
  #loaded(stream: StreamId, position: number): void {
    const [kind, id] = stream.split('/');
    if (kind === 'room') this.#audience.moved(Number(id), position);
    else if (kind === 'person') this.#audience.outdated(Number(id), null); // WORLD-97
  }
}
