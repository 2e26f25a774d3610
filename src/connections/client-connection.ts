import type { PresenceSession } from '../core/presence/local-sessions.ts';
import type { Departure, Person } from '../core/model/events.ts';
import type { Message } from '../core/model/message.ts';
import type { PersonId, RoomId } from '../core/model/ids.ts';
import type { TokenBucket } from '../lib/token-bucket.ts';
import type { CloseKind, Link, LinkReceiver } from '../transports/link.ts';
import type { Connection } from './connection.ts';
import type { Receiver } from './delivery/cursor.ts';
import { ClientSession, type ConnectionControl } from './session/client-session.ts';
import type { ConnectionServices } from './services.ts';
import { Outbox } from './output/outbox.ts';
import type { RosterUpdate, SubscriptionOptions } from './session/session-api.ts';
import { RequestPipeline, type RequestHandler } from './requests/request-pipeline.ts';
import type { Subscriptions } from './delivery/subscriptions.ts';
import { SubscriptionHistory } from './delivery/subscription-history.ts';
import { encodeFramed, variantOf } from './variant.ts';
import type { Decoded, Encoding, ProtocolSession, ProtocolAdapter } from './protocol-adapter.ts';

/** Whoever sends no more has so long to take what was answered and shown. */
const FINISH_MS = 60_000;

const TOKEN_ENDED = 'the token has ended';

/** One for all connections: each function of their own is alive as long as they are. */
const nothing = (): void => {};

/** Carries one link by one wire: what its client asks, and what its rooms show, from the first byte to the end. */
export class ClientConnection<In, Out>
  implements Connection, LinkReceiver, ConnectionControl, RequestHandler<In, Out | readonly Out[]>
{
  readonly #outbox: Outbox;
  readonly #session: ClientSession;
  readonly #services: ConnectionServices;
  readonly #adapter: ProtocolAdapter<In, Out>;
  readonly #link: Link;
  readonly #protocolSession: ProtocolSession<In, Out>;
  readonly #requests: RequestPipeline<In, Out | readonly Out[]>;
  readonly #rate: TokenBucket | null;
  readonly #subscriptionHistory: SubscriptionHistory;
  #presence: PresenceSession | null = null;
  #encoding: Encoding;
  /** Its person leaves on purpose, as soon as all that was asked before is answered. */
  #leaving = false;
  /** Its peer sends no more. */
  #finished = false;
  #cancelFinish = nothing;
  /** Why nothing after what came can be read. */
  #unreadable: string | null = null;
  #signingOut: (() => void) | null = null;
  #state: 'open' | 'stopping' | 'ending' | 'closed' = 'open';
  #probes: (() => void)[] = [];
  #cancelLogin: () => void;
  #whenClosed = nothing;

  constructor(services: ConnectionServices, adapter: ProtocolAdapter<In, Out>, link: Link) {
    this.#services = services;
    this.#adapter = adapter;
    this.#link = link;
    this.#outbox = new Outbox(link, services.scheduler, () => this.tooSlow());
    this.#requests = new RequestPipeline(link, adapter.decoder(link.framing), this);
    this.#rate = services.limits.applyTo(link.address) ? services.limits.requests() : null;
    this.#encoding = this.#requests.encoding;
    this.#subscriptionHistory = new SubscriptionHistory({
      services: services,
      outbox: this.#outbox,
      variantFor: (viewer: PersonId | null) => variantOf(adapter, link, this.#encoding, viewer),
      replies: this.#requests,
      tooSlow: () => this.tooSlow(),
      live: () => this.#endIfAnswered(),
      probe: () => void link.probe(),
    });
    this.#cancelLogin = this.#awaitLogin();
    this.#session = new ClientSession(this, services, link);
    this.#protocolSession = adapter.openSession(this.#session);
    services.opened(this, link.address);
    link.listen(this);
  }

  // What the link tells.

  data(bytes: Uint8Array): void {
    this.#requests.push(bytes);
  }

  /** Everything that came before it has been taken: a link that has more than can be taken is not read (CONN-06). */
  unreadable(reason: string): void {
    if (!this.#ends && this.#unreadable === null) this.#requests.put({ ok: false, reason, fatal: true }); // CONN-18
  }

  finished(): void {
    this.#finished = true;
    this.#cancelFinish = this.#services.later(FINISH_MS, () => this.end('timeout', '')); // CONN-70
    this.#endIfAnswered();
  }

  alive(): void {
    this.#subscriptionHistory.confirm();
    for (const alive of this.#probes.splice(0)) alive();
  }

  drained(): void {
    this.#outbox.drained();
    this.#subscriptions?.catchUp();
  }

  closed(): void {
    this.#state = 'closed';
    this.#requests.close();
    this.#cancelLogin();
    this.#cancelFinish();
    this.#subscriptionHistory.close();
    this.#leaveWorld({ type: this.#services.stopping ? 'stopped' : this.#leaving ? 'left' : 'lost' }); // CONN-14
    this.#services.closed(this, this.#link.address);
    this.#whenClosed();
  }

  // What its requests ask for.

  serve(decoded: Decoded<In>, answer: (message: Out | readonly Out[] | null) => void): void {
    if (this.#encoding !== this.#requests.encoding) this.#turn();
    const request = decoded.ok ? decoded.message : null;
    if (this.#state === 'stopping') return answer(this.#adapter.refuse({ type: 'stopping' }, request));
    if (!decoded.ok && decoded.fatal) {
      this.#readNoMore(decoded.reason);
      return answer(this.#adapter.refuseBytes(decoded.reason)); // CONN-18
    }
    const wait = this.#rate?.take(this.#services.now()) ?? 0;
    if (wait > 0) return answer(this.#adapter.refuse({ type: 'too-fast', retryAfterMs: wait }, request)); // CONN-24
    if (decoded.ok) return this.#protocolSession.receive(decoded.message, answer);
    answer(this.#adapter.refuseBytes(decoded.reason));
  }

  send(message: Out | readonly Out[]): void {
    this.#outbox.pushSolicited(this.#bytes(message)); // CONN-68
  }

  answered(): void {
    this.#endIfAnswered();
    this.#signOutIfAnswered();
    this.#subscriptions?.catchUp();
  }

  // What its desk asks for.

  get isOver(): boolean {
    return this.#state === 'closed';
  }

  hold(): (then: () => void) => void {
    return this.#requests.hold();
  }

  entered(person: Person, visit: PresenceSession): void {
    this.#presence = visit;
    this.#cancelLogin();
    this.#link.admitted();
    this.#services.entered(this, person.id);
  }

  /** What was asked before is answered first; only the request that this is belongs to waits for it. */
  signOut(gone: () => void): void {
    this.#signingOut = gone;
    this.#signOutIfAnswered();
  }

  tokenEnded(): void {
    this.end('removed', TOKEN_ENDED); // CONN-73
  }

  sent(message: Message): void {
    this.#subscriptions?.sent(message);
  }

  subscribe(options: SubscriptionOptions): void {
    if (this.person === null || this.#subscriptions !== null || this.#ends) return; // CONN-15
    const screen = this.#subscriptionHistory.begin(this.person.id, options);
    this.#services.subscribed(this, this.person.id);
    screen.open();
  }

  leave(): void {
    this.#leaving = true;
    this.#requests.halt();
    this.#endIfAnswered();
  }

  pinged(): void {
    if (this.person !== null) return;
    this.#cancelLogin();
    this.#cancelLogin = this.#awaitLogin(); // CONN-23
  }

  // What the house asks for.

  get person(): Person | null {
    return this.#session.person;
  }

  get session(): PresenceSession | null {
    return this.#presence;
  }

  get receiver(): Receiver | null {
    return this.#subscriptions?.receiver ?? null;
  }

  get hidesOwn(): boolean {
    return this.#subscriptions?.options.ownMessages === 'others';
  }

  get wantsRosterUpdates(): boolean {
    return this.#subscriptions?.options.rosterUpdates ?? false;
  }

  roomJoined(room: RoomId, direct: boolean, position: number, number: number): void {
    this.#subscriptions?.joined(room, direct, position, number);
  }

  roomLeft(room: RoomId): void {
    this.#subscriptions?.left(room);
  }

  sendRosterUpdate(notice: RosterUpdate): void {
    const message = this.#adapter.renderRosterUpdate(notice);
    if (message !== null && !this.#ends) this.#outbox.push(this.#bytes(message));
  }

  /** Its person goes, or at least this connection: it says so in this wire's words, and ends. */
  depart(departure: Departure): void {
    const { person } = this;
    if (person === null || this.#ends) return;
    const words = departure.type === 'lost' ? null : this.#adapter.renderFarewell(person, departure); // CONN-41
    if (words !== null) this.#outbox.push(this.#bytes(words));
    if (departure.type === 'removed') this.end('removed', `banned: ${departure.reason}`);
    else if (departure.type === 'left') this.#endInOrder();
    else this.end('timeout', 'no sign of life');
  }

  credentialsRevoked(digest: string | null): void {
    if (this.#ends || !this.#session.loses(digest)) return;
    this.end('removed', digest === null ? 'the password was changed' : TOKEN_ENDED); // CONN-71 CONN-73
  }

  probe(alive: () => void): void {
    if (!this.#requests.isPaused && this.#link.probe())
      this.#probes.push(alive); // CONN-17
    else alive();
  }

  tooSlow(): void {
    this.end('too-slow', 'you read too slowly');
  }

  stop(done: () => void): void {
    if (this.#state === 'closed') return done();
    this.#whenClosed = done;
    if (this.#state === 'ending') return;
    this.#state = 'stopping';
    this.#endIfAnswered();
  }

  /** Writes what is ready, then closes; nothing of what comes after is read. */
  end(kind: CloseKind, reason: string): void {
    if (this.#ends) return;
    this.#state = 'ending';
    this.#requests.halt();
    this.#outbox.flush();
    this.#subscriptions?.stop(); // CONN-43
    this.#link.end(kind, reason);
  }

  get #subscriptions(): Subscriptions | null {
    return this.#subscriptionHistory.current;
  }

  get #ends(): boolean {
    return this.#state === 'ending' || this.#state === 'closed';
  }

  #bytes(message: Out | readonly Out[]): Uint8Array {
    return encodeFramed(this.#adapter, this.#link, this.#encoding, message);
  }

  #signOutIfAnswered(): void {
    const gone = this.#signingOut;
    const { person } = this;
    if (gone === null || person === null || this.#requests.open > 1 || this.#ends) return; // CONN-65
    this.#signingOut = null;
    this.#leaveWorld({ type: 'left' }, () => {
      if (this.#ends) return;
      this.#subscriptionHistory.signOut(); // CONN-65
      this.#services.left(this, person.id);
      this.#presence = null;
      this.#cancelLogin = this.#awaitLogin(); // CONN-65
      gone();
    });
  }

  /** What was asked before may still wait for its room to be read, and is to come before its author leaves. */
  #endIfAnswered(): void {
    if (this.#ends || !this.#requests.isIdle) return; // CONN-14 CONN-18 CONN-25 CONN-70
    if (this.#unreadable !== null) return this.end('broken', this.#unreadable); // CONN-18
    if (this.#state === 'stopping') return this.end('stopping', 'server is stopping'); // CONN-25
    if (this.#leaving) this.#leaveInOrder();
    else if (this.#finished) this.#finish();
  }

  #leaveInOrder(): void {
    if (this.person === null) return this.end('done', '');
    this.#leaveWorld({ type: 'left' }, () => this.depart({ type: 'left' })); // CONN-14
  }

  /** What was caused is shown first, and taken by the peer: nobody ends in order who is cut off. */
  #finish(): void {
    const { person } = this;
    if (person === null) return this.#endOnceTaken();
    if (this.#subscriptions?.isDelivered !== true) return; // CONN-70
    this.#leaveWorld({ type: 'lost' }, () => {
      if (this.#subscriptions?.isDelivered !== true) return; // CONN-70
      this.#subscriptions.stop(); // CONN-70
      this.#services.left(this, person.id);
      this.#endOnceTaken();
    });
  }

  #endOnceTaken(): void {
    if (this.#outbox.size === 0) this.end('done', '');
    else this.#outbox.whenTaken(() => this.end('done', '')); // CONN-70
  }

  /** The visit ends; where it has ended already, nothing does. */
  #leaveWorld(departure: Departure, ended?: () => void): void {
    const { person, session: visit } = this;
    if (person !== null && visit !== null) this.#services.world.leave(person.id, departure, visit, ended);
  }

  /** Whoever leaves on purpose was shown all that has left for it by now (CONN-43). */
  #endInOrder(): void {
    this.#outbox.flush();
    this.#subscriptions?.confirm(); // CONN-43
    this.end('done', '');
  }

  /** What was asked before is answered still, and so is what could not be read. */
  #readNoMore(reason: string): void {
    this.#unreadable = reason;
    this.#requests.halt();
  }

  /** From now on everything is said in the form that the peer speaks. */
  #turn(): void {
    this.#encoding = this.#requests.encoding;
    this.#subscriptions?.changeEncoding(); // CONN-68
  }

  #awaitLogin(): () => void {
    return this.#services.later(this.#services.loginMs, () => this.end('timeout', 'nobody logged in')); // CONN-23
  }
}
