import type { Arrival } from '../core/entrance.ts';
import type { Departure, Person } from '../core/events.ts';
import type { Message } from '../core/message.ts';
import type { PersonId, RoomId } from '../core/ids.ts';
import type { TokenBucket } from '../lib/token-bucket.ts';
import type { CloseKind, Link, LinkReceiver } from '../transports/link.ts';
import type { Connection } from './connection.ts';
import type { Receiver } from './cursor.ts';
import { Desk, type Seat } from './desk.ts';
import type { Host } from './host.ts';
import { Outbox } from './outbox.ts';
import type { Notice, Showing } from './peer.ts';
import { Requests, type Server } from './requests.ts';
import type { Screen } from './screen.ts';
import { Screens } from './screens.ts';
import { framed, variantOf } from './variant.ts';
import type { Decoded, Form, Session, Wire } from './wire.ts';

/** Whoever sends no more has so long to take what was answered and shown. */
const FINISH_MS = 60_000;

const TOKEN_ENDED = 'the token has ended';

/** One for all connections: each function of their own is alive as long as they are. */
const nothing = (): void => {};

/** Carries one link by one wire: what its client asks, and what its rooms show, from the first byte to the end. */
export class WireConnection<In, Out> implements Connection, LinkReceiver, Seat, Server<In, Out | readonly Out[]> {
  readonly #outbox: Outbox;
  readonly #desk: Desk;
  readonly #host: Host;
  readonly #wire: Wire<In, Out>;
  readonly #link: Link;
  readonly #session: Session<In, Out>;
  readonly #requests: Requests<In, Out | readonly Out[]>;
  readonly #rate: TokenBucket | null;
  readonly #screens: Screens;
  #visit: Arrival | null = null;
  #form: Form;
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

  constructor(host: Host, wire: Wire<In, Out>, link: Link) {
    this.#host = host;
    this.#wire = wire;
    this.#link = link;
    this.#outbox = new Outbox(link, host.turn, () => this.tooSlow());
    this.#requests = new Requests(link, wire.decoder(link.framing), this);
    this.#rate = host.limits.applyTo(link.address) ? host.limits.requests() : null;
    this.#form = this.#requests.form;
    this.#screens = new Screens({
      host,
      outbox: this.#outbox,
      variantFor: (viewer: PersonId | null) => variantOf(wire, link, this.#form, viewer),
      slots: this.#requests,
      tooSlow: () => this.tooSlow(),
      live: () => this.#endIfAnswered(),
      probe: () => void link.probe(),
    });
    this.#cancelLogin = this.#awaitLogin();
    this.#desk = new Desk(this, host, link);
    this.#session = wire.open(this.#desk);
    host.opened(this, link.address);
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
    this.#cancelFinish = this.#host.later(FINISH_MS, () => this.end('timeout', '')); // CONN-70
    this.#endIfAnswered();
  }

  alive(): void {
    this.#screens.confirm();
    for (const alive of this.#probes.splice(0)) alive();
  }

  drained(): void {
    this.#outbox.drained();
    this.#screen?.pull();
  }

  closed(): void {
    this.#state = 'closed';
    this.#requests.close();
    this.#cancelLogin();
    this.#cancelFinish();
    this.#screens.close();
    this.#leaveWorld({ type: this.#host.stopping ? 'stopped' : this.#leaving ? 'left' : 'lost' }); // CONN-14
    this.#host.closed(this, this.#link.address);
    this.#whenClosed();
  }

  // What its requests ask for.

  serve(decoded: Decoded<In>, answer: (message: Out | readonly Out[] | null) => void): void {
    if (this.#form !== this.#requests.form) this.#turn();
    const request = decoded.ok ? decoded.message : null;
    if (this.#state === 'stopping') return answer(this.#wire.refuse({ type: 'stopping' }, request));
    if (!decoded.ok && decoded.fatal) {
      this.#readNoMore(decoded.reason);
      return answer(this.#wire.refuseBytes(decoded.reason)); // CONN-18
    }
    const wait = this.#rate?.take(this.#host.now()) ?? 0;
    if (wait > 0) return answer(this.#wire.refuse({ type: 'too-fast', retryAfterMs: wait }, request)); // CONN-24
    if (decoded.ok) return this.#session.receive(decoded.message, answer);
    answer(this.#wire.refuseBytes(decoded.reason));
  }

  send(message: Out | readonly Out[]): void {
    this.#outbox.pushAsked(this.#bytes(message)); // CONN-68
  }

  answered(): void {
    this.#endIfAnswered();
    this.#signOutIfAnswered();
    this.#screen?.pull();
  }

  // What its desk asks for.

  get isOver(): boolean {
    return this.#state === 'closed';
  }

  hold(): (then: () => void) => void {
    return this.#requests.hold();
  }

  entered(person: Person, visit: Arrival): void {
    this.#visit = visit;
    this.#cancelLogin();
    this.#link.admitted();
    this.#host.entered(this, person.id);
  }

  /** What was asked before is answered first; only the request that this is belongs to waits for it. */
  signOut(gone: () => void): void {
    this.#signingOut = gone;
    this.#signOutIfAnswered();
  }

  tokenEnded(): void {
    this.end('removed', TOKEN_ENDED); // CONN-73
  }

  said(message: Message): void {
    this.#screen?.said(message);
  }

  show(showing: Showing): void {
    if (this.person === null || this.#screen !== null || this.#ends) return; // CONN-15
    const screen = this.#screens.begin(this.person.id, showing);
    this.#host.showing(this, this.person.id);
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
    return this.#desk.person;
  }

  get visit(): Arrival | null {
    return this.#visit;
  }

  get receiver(): Receiver | null {
    return this.#screen?.receiver ?? null;
  }

  get hidesOwn(): boolean {
    return this.#screen?.showing.own === 'others';
  }

  get notices(): boolean {
    return this.#screen?.showing.notices ?? false;
  }

  joined(room: RoomId, direct: boolean, position: number, number: number): void {
    this.#screen?.joined(room, direct, position, number);
  }

  parted(room: RoomId): void {
    this.#screen?.parted(room);
  }

  notify(notice: Notice): void {
    const message = this.#wire.renderNotice(notice);
    if (message !== null && !this.#ends) this.#outbox.push(this.#bytes(message));
  }

  /** Its person goes, or at least this connection: it says so in this wire's words, and ends. */
  departed(departure: Departure): void {
    const { person } = this;
    if (person === null || this.#ends) return;
    const words = departure.type === 'lost' ? null : this.#wire.renderFarewell(person, departure); // CONN-41
    if (words !== null) this.#outbox.push(this.#bytes(words));
    if (departure.type === 'removed') this.end('removed', `banned: ${departure.reason}`);
    else if (departure.type === 'left') this.#endInOrder();
    else this.end('timeout', 'no sign of life');
  }

  outdated(digest: string | null): void {
    if (this.#ends || !this.#desk.loses(digest)) return;
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
    this.#screen?.stop(); // CONN-43
    this.#link.end(kind, reason);
  }

  get #screen(): Screen | null {
    return this.#screens.now;
  }

  get #ends(): boolean {
    return this.#state === 'ending' || this.#state === 'closed';
  }

  #bytes(message: Out | readonly Out[]): Uint8Array {
    return framed(this.#wire, this.#link, this.#form, message);
  }

  #signOutIfAnswered(): void {
    const gone = this.#signingOut;
    const { person } = this;
    if (gone === null || person === null || this.#requests.open > 1 || this.#ends) return; // CONN-65
    this.#signingOut = null;
    this.#leaveWorld({ type: 'left' }, () => {
      if (this.#ends) return;
      this.#screens.signOut(); // CONN-65
      this.#host.exited(this, person.id);
      this.#visit = null;
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
    this.#leaveWorld({ type: 'left' }, () => this.departed({ type: 'left' })); // CONN-14
  }

  /** What was caused is shown first, and taken by the peer: nobody ends in order who is cut off. */
  #finish(): void {
    const { person } = this;
    if (person === null) return this.#endOnceTaken();
    if (this.#screen?.isThrough !== true) return; // CONN-70
    this.#leaveWorld({ type: 'lost' }, () => {
      if (this.#screen?.isThrough !== true) return; // CONN-70
      this.#screen.stop(); // CONN-70
      this.#host.exited(this, person.id);
      this.#endOnceTaken();
    });
  }

  #endOnceTaken(): void {
    if (this.#outbox.size === 0) this.end('done', '');
    else this.#outbox.whenTaken(() => this.end('done', '')); // CONN-70
  }

  /** The visit ends; where it has ended already, nothing does. */
  #leaveWorld(departure: Departure, ended?: () => void): void {
    const { person, visit } = this;
    if (person !== null && visit !== null) this.#host.world.leave(person.id, departure, visit, ended);
  }

  /** Whoever leaves on purpose was shown all that has left for it by now (CONN-43). */
  #endInOrder(): void {
    this.#outbox.flush();
    this.#screen?.confirm(); // CONN-43
    this.end('done', '');
  }

  /** What was asked before is answered still, and so is what could not be read. */
  #readNoMore(reason: string): void {
    this.#unreadable = reason;
    this.#requests.halt();
  }

  /** From now on everything is said in the form that the peer speaks. */
  #turn(): void {
    this.#form = this.#requests.form;
    this.#screen?.turn(); // CONN-68
  }

  #awaitLogin(): () => void {
    return this.#host.later(this.#host.loginMs, () => this.end('timeout', 'nobody logged in')); // CONN-23
  }
}
