import type { CloseKind, Link } from '../../transports/link.ts';
import type { Connection } from '../connection.ts';
import type { ProtocolAdapter, ProtocolSession } from '../protocol-adapter.ts';
import type { ConnectionServices } from '../services.ts';
import { CarriedSession, type Carrier } from './carried-session.ts';
import { ClientSession } from './client-session.ts';
import type { Carried, CarriedSessions, ConnectionControl } from './connection-control.ts';
import { WaitingSession } from './waiting-session.ts';

/** The ends of a connection after which its client may come back to the session. */
const mayComeBack: ReadonlySet<CloseKind | 'lost'> = new Set(['lost', 'broken', 'too-big', 'too-slow', 'timeout']);

/** The session that a connection carries: at first a new one, later perhaps one that another connection lost. */
export class SessionHolder<In, Out> implements CarriedSessions {
  readonly #services: ConnectionServices;
  readonly #adapter: ProtocolAdapter<In, Out>;
  readonly #connection: Connection & ConnectionControl & Carrier<Out>;
  readonly #link: Link;
  #carried: CarriedSession<In, Out>;

  constructor(
    services: ConnectionServices,
    adapter: ProtocolAdapter<In, Out>,
    connection: Connection & ConnectionControl & Carrier<Out>,
    link: Link,
  ) {
    this.#services = services;
    this.#adapter = adapter;
    this.#connection = connection;
    this.#link = link;
    this.#carried = this.#newSession();
  }

  get login(): ClientSession {
    return this.#carried.login;
  }

  get protocol(): ProtocolSession<In, Out> {
    return this.#carried.protocol;
  }

  get carried(): Carried {
    return this.#carried;
  }

  /** Carries this session of the same protocol in place of the new one. */
  adopt(session: Carried): void {
    const { person } = session.login;
    this.#carried = session as CarriedSession<In, Out>;
    this.#carried.carriedBy(this.#connection);
    session.login.attach(this.#connection, this.#link);
    if (person !== null) this.#connection.loggedIn(person);
  }

  /** Carries a new session; the one before belongs to nobody until somebody adopts it. */
  release(): void {
    const { person } = this.login;
    if (person !== null) this.#services.loggedOut(this.#connection, person.id);
    this.#carried = this.#newSession();
  }

  /** The connection ends: its session waits for the client. False if this end, the protocol or the server does not allow that. */
  letWait(end: CloseKind | 'lost'): boolean {
    const carried = this.#carried;
    const { person } = carried.login;
    if (person === null || !carried.mayWait || !mayComeBack.has(end) || this.#services.stopping) return false; // CONN-130
    this.release();
    new WaitingSession(this.#services, carried, person);
    return true;
  }

  #newSession(): CarriedSession<In, Out> {
    return new CarriedSession(
      this.#adapter,
      new ClientSession(this.#connection, this.#services, this.#link),
      this.#connection,
    );
  }
}
