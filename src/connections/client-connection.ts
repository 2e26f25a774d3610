import type { PersonId } from '../core/model/ids.ts';
import type { Message } from '../core/model/message.ts';
import type { Departure, Person } from '../core/model/person.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { PresenceSession } from '../core/presence/local-sessions.ts';
import type { TokenBucket } from '../lib/token-bucket.ts';
import type { CloseKind, Link, LinkReceiver } from '../transports/link.ts';
import { ConnectionState } from './connection-state.ts';
import type { OpenConnection } from './connection.ts';
import { SubscriptionHistory } from './delivery/subscription-history.ts';
import type { Subscriptions } from './delivery/subscriptions.ts';
import { farewellOf, lastAnswer } from './last-words.ts';
import { LifeSigns } from './life-signs.ts';
import { LoginDeadline } from './login-deadline.ts';
import { Outbox } from './output/outbox.ts';
import type { Decoded } from './decoded.ts';
import type { Encoding, ProtocolAdapter } from './protocol-adapter.ts';
import { type RequestHandler, RequestPipeline } from './requests/request-pipeline.ts';
import type { ConnectionServices } from './services.ts';
import type { Carrier } from './session/carried-session.ts';
import type { ConnectionControl } from './session/connection-control.ts';
import type { RosterUpdate, SubscriptionOptions } from './session/session-api.ts';
import { SessionHolder } from './session/session-holder.ts';
import { encodeFramed, variantOf } from './variant.ts';

/** How long a client may take to read the rest after a half-close. */
const FINISH_MS = 60_000;

const nothing = (): void => {}; // Shared by all connections, to save memory.

/** Connects one link, one protocol and one session, from the first byte to the end. */
export class ClientConnection<In, Out>
  implements OpenConnection, LinkReceiver, ConnectionControl, Carrier<Out>, RequestHandler<In, Out | readonly Out[]>
{
  readonly sessions: SessionHolder<In, Out>;
  readonly #outbox: Outbox;
  readonly #services: ConnectionServices;
  readonly #adapter: ProtocolAdapter<In, Out>;
  readonly #link: Link;
  readonly #requests: RequestPipeline<In, Out | readonly Out[]>;
  readonly #rate: TokenBucket | null;
  readonly #subscriptionHistory: SubscriptionHistory;
  readonly #loginDeadline: LoginDeadline;
  #encoding: Encoding;
  readonly #state = new ConnectionState();
  readonly #lifeSigns: LifeSigns;
  #cancelFinish = nothing;
  #whenClosed = nothing;

  constructor(services: ConnectionServices, adapter: ProtocolAdapter<In, Out>, link: Link) {
    this.#services = services;
    this.#adapter = adapter;
    this.#link = link;
    const tooSlow = () => this.end('too-slow', 'you read too slowly');
    this.#lifeSigns = new LifeSigns(link);
    this.#outbox = new Outbox(link, services.scheduler, tooSlow, () => this.subscriptions?.written());
    this.#requests = new RequestPipeline(link, adapter.decoder(link.framing), services.world.gate, this);
    this.#rate = services.limits.applyTo(link.address) ? services.limits.requests() : null;
    this.#encoding = this.#requests.encoding;
    const variantFor = (viewer: PersonId | null) => variantOf(adapter, link, this.#encoding, viewer);
    const delivered = () => this.#endIfAnswered();
    const context = { services, outbox: this.#outbox, variantFor, replies: this.#requests, tooSlow, delivered, link };
    this.#subscriptionHistory = new SubscriptionHistory(context);
    this.#loginDeadline = new LoginDeadline(services.clock, services.loginMs, () => this.#tooLate());
    this.#loginDeadline.start(link.openedAt);
    this.sessions = new SessionHolder(services, adapter, this, link);
    services.opened(this, link.address, adapter.name);
    link.listen(this);
  }

  // LinkReceiver

  data(bytes: Uint8Array): void {
    this.#requests.push(bytes);
  }

  /** All earlier requests have been taken, since a paused link reports nothing (CONN-06). */
  unreadable(reason: string): void {
    if (this.#state.isEnding || this.#state.type === 'finished') return;
    this.#requests.serve({ ok: false, reason, fatal: true }); // CONN-18
  }

  halfClosed(): void {
    this.#state.enter('half-closed');
    this.#cancelFinish = this.#services.clock.after(FINISH_MS, () => this.end('timeout', '')); // CONN-70
    this.#endIfAnswered();
  }

  alive(): void {
    this.#lifeSigns.alive();
  }

  proved(probe: number): void {
    this.#subscriptionHistory.proved(probe);
  }

  drained(): void {
    this.#outbox.drained();
    this.subscriptions?.catchUp();
  }

  closed(): void {
    const departure = this.#services.stopping ? 'stopped' : this.#state.hasLeft ? 'left' : 'lost';
    this.#state.enter('closed');
    this.#requests.close();
    this.#loginDeadline.cancel();
    this.#cancelFinish();
    this.#subscriptionHistory.close();
    if (departure !== 'lost' || !this.sessions.letWait(departure)) this.sessions.login.end({ type: departure }); // CONN-14 CONN-130
    this.#services.closed(this, this.#link.address);
    this.#whenClosed();
  }

  // RequestHandler

  serve(decoded: Decoded<In>, late: Refusal | null, answer: (message: Out | readonly Out[] | null) => void): void {
    if (this.#encoding !== this.#requests.encoding) {
      this.#encoding = this.#requests.encoding;
      this.subscriptions?.changeEncoding(); // CONN-68
    }
    const request = decoded.ok ? decoded.message : null;
    const refusal = this.#state.type === 'stopping' ? ({ type: 'stopping' } as const) : late;
    if (refusal !== null) return answer(this.#adapter.refuse(refusal, request));
    const ban = this.person === null ? this.#services.banOf(this.#link.address) : null; // CONN-102
    const last = lastAnswer(this.#adapter, ban, decoded);
    if (last !== null) {
      this.#state.finish(last.kind, last.reason);
      this.#requests.halt();
      return answer(last.message); // CONN-18
    }
    const isFree = decoded.ok && this.#adapter.isConfirmation?.(decoded.message) === true; // CONN-24
    const wait = isFree ? 0 : (this.#rate?.take(this.#services.clock.monotonic()) ?? 0);
    if (wait > 0) return answer(this.#adapter.refuse({ type: 'too-fast', retryAfterMs: wait }, request)); // CONN-24
    if (decoded.ok) return this.sessions.protocol.receive(decoded.message, answer);
    answer(this.#adapter.refuseBytes(decoded.reason));
  }

  send(message: Out | readonly Out[]): void {
    this.#outbox.pushSolicited(this.#bytes(message)); // CONN-68
  }

  answered(): void {
    this.#endIfAnswered();
    this.subscriptions?.catchUp();
  }

  // ConnectionControl

  get isClosed(): boolean {
    return this.#state.type === 'closed';
  }

  hold(): (then: () => void) => void {
    return this.#requests.hold();
  }

  whenAnswered(run: () => void): void {
    this.#requests.whenLast(() => {
      if (!this.#state.isEnding) run();
    });
  }

  loggedIn(person: Person): void {
    this.#loginDeadline.cancel();
    this.#link.loggedIn();
    this.#services.loggedIn(this, person.id);
  }

  loggedOut(person: Person): boolean {
    if (this.#state.isEnding) return false;
    this.#subscriptionHistory.signOut(); // CONN-65
    this.#services.loggedOut(this, person.id);
    this.#loginDeadline.start(); // CONN-65
    return true;
  }

  sent(message: Message): void {
    this.subscriptions?.sent(message);
  }

  subscribe(options: SubscriptionOptions): void {
    if (this.person === null || this.subscriptions !== null || this.#state.isEnding) return; // CONN-15
    const subscriptions = this.#subscriptionHistory.begin(this.person.id, options);
    this.#services.subscribed(this, this.person.id);
    subscriptions.open();
  }

  leave(): void {
    this.#state.enter('leaving');
    this.#requests.halt();
    this.#endIfAnswered();
  }

  pinged(): void {
    if (this.person === null) this.#loginDeadline.start(); // CONN-23
  }

  /** Flushes, then closes. Later bytes are discarded. */
  end(kind: CloseKind, reason: string): void {
    if (this.#state.isEnding) return;
    this.#state.enter('ending');
    this.#requests.halt();
    if (!this.sessions.letWait(kind)) this.sessions.login.endLogin(kind !== 'stopping'); // CONN-121 CONN-130
    this.#outbox.flush();
    this.#subscriptionHistory.end();
    this.#link.end(kind, reason);
  }

  release(): void {
    this.sessions.release();
    this.end('done', 'the session goes on on another connection'); // CONN-137
  }

  push(message: Out): void {
    if (!this.#state.isEnding) this.#outbox.push(this.#bytes(message)); // CONN-122
  }

  // Connection

  get person(): Person | null {
    return this.sessions.login.person;
  }

  get presenceSession(): PresenceSession | null {
    return this.sessions.login.presenceSession;
  }

  get subscriptions(): Subscriptions | null {
    return this.#subscriptionHistory.current;
  }

  sendRosterUpdate(update: RosterUpdate): void {
    const message = this.#adapter.renderRosterUpdate(update);
    if (message !== null) this.push(message);
  }

  depart(departure: Departure): void {
    if (this.#state.isEnding || (this.person === null && departure.type !== 'removed')) return;
    const farewell = farewellOf(this.#adapter, this.person, departure);
    if (farewell !== null) this.#outbox.push(this.#bytes(farewell)); // CONN-41
    if (departure.type === 'removed') return this.end('removed', `banned: ${departure.reason}`);
    if (departure.type !== 'left') return this.end('timeout', 'no sign of life');
    this.end('done', 'goodbye');
  }

  credentialsRevoked(digest: string | null): void {
    if (!this.#state.isEnding) this.sessions.login.credentialsRevoked(digest);
  }

  probe(alive: () => void): void {
    this.#lifeSigns.ask(this.#requests.isPaused, alive);
  }

  stop(done: () => void): void {
    if (this.#state.type === 'closed') return done();
    this.#whenClosed = done;
    this.#state.enter('stopping');
    this.#endIfAnswered();
  }

  #bytes(message: Out | readonly Out[]): Uint8Array {
    return encodeFramed(this.#adapter, this.#link, this.#encoding, message);
  }

  /** Ends the connection if its state asks for that and no request is open. */
  #endIfAnswered(): void {
    if (this.#state.isEnding || !this.#requests.isIdle) return; // CONN-14 CONN-18 CONN-25 CONN-70
    if (this.#state.type === 'finished') this.end(this.#state.kind, this.#state.reason); // CONN-18 CONN-102
    if (this.#state.type === 'stopping') this.end('stopping', 'server is stopping'); // CONN-25
    if (this.#state.type === 'leaving') this.#leaveInOrder();
    if (this.#state.type === 'half-closed') this.#finish();
  }

  #leaveInOrder(): void {
    if (this.person === null) return this.end('done', '');
    this.sessions.login.end({ type: 'left' }, () => this.depart({ type: 'left' })); // CONN-14
  }

  /** After a half-close: delivers what the requests caused, waits until it is sent, then closes. */
  #finish(): void {
    const { person } = this;
    const endOnceSent = () => this.#outbox.whenEmpty(() => this.end('done', '')); // CONN-70
    if (person === null) return endOnceSent();
    if (this.subscriptions?.isDelivered !== true) return; // CONN-70
    const left = () => {
      if (this.subscriptions?.isDelivered !== true) return; // CONN-70
      this.subscriptions.stop(); // CONN-70
      this.#services.loggedOut(this, person.id);
      endOnceSent();
    };
    if (this.sessions.letWait('lost')) left();
    else this.sessions.login.end({ type: 'lost' }, left);
  }

  #tooLate(): void {
    const reason = 'no login came in time';
    this.#outbox.push(this.#bytes(this.#adapter.refuseBytes(reason))); // CONN-23
    this.end('timeout', reason); // CONN-23
  }
}
