import type { Departure, Person } from '../core/events.ts';
import type { Refusal } from '../core/refusals.ts';
import { err, type Result } from '../lib/result.ts';
import type { TokenBucket } from '../lib/token-bucket.ts';
import type { CloseKind, Link, LinkReceiver } from '../transports/link.ts';
import type { Connection } from './connection.ts';
import type { Cursor } from './cursor.ts';
import type { Host } from './host.ts';
import { Outbox } from './outbox.ts';
import type { Peer } from './peer.ts';
import { Slots } from './slots.ts';
import { type Variant, variantOf } from './variant.ts';
import type { Decoded, Decoder, Session, Wire } from './wire.ts';

const MAX_OPEN = 64;

/** Carries one link by one wire: requests in order, an answer for each in the same order, and what its rooms show. */
export class WireConnection<In, Out> implements Connection, Peer, LinkReceiver {
  readonly variant: Variant;
  readonly outbox: Outbox;
  readonly #host: Host;
  readonly #wire: Wire<In, Out>;
  readonly #link: Link;
  readonly #decoder: Decoder<In>;
  readonly #session: Session<In, Out>;
  readonly #slots: Slots;
  readonly #requests: TokenBucket | null;
  readonly #cursors: Cursor[] = [];
  /** Bytes that came and were not decoded yet, and what is being decoded: no more is made than can be taken. */
  #chunks: Uint8Array[] = [];
  #decoding: Iterator<Decoded<In>> | null = null;
  #working = false;
  #person: Person | null = null;
  #held = false;
  #paused = false;
  #state: 'open' | 'stopping' | 'ending' | 'closed' = 'open';
  #probes: (() => void)[] = [];
  #cancelLogin: () => void;
  #whenClosed: () => void = () => {};

  constructor(host: Host, wire: Wire<In, Out>, link: Link) {
    this.#host = host;
    this.#wire = wire;
    this.#link = link;
    this.variant = variantOf(wire, link);
    this.outbox = new Outbox(link, host.turn, () => this.tooSlow());
    this.#slots = new Slots((bytes) => this.outbox.pushAsked(bytes));
    this.#requests = host.limits.applyTo(link.address) ? host.limits.requests() : null;
    this.#decoder = wire.decoder(link.framing);
    this.#cancelLogin = this.#awaitLogin();
    this.#session = wire.open(this);
    host.opened(this, link.address);
    link.listen(this);
  }

  // What the link tells.

  data(bytes: Uint8Array): void {
    if (this.#state === 'ending' || this.#state === 'closed') return;
    this.#chunks.push(bytes);
    this.#work();
  }

  alive(): void {
    for (const alive of this.#probes.splice(0)) alive();
  }

  drained(): void {
    this.outbox.drained();
    this.#pull();
  }

  closed(): void {
    const stopped = this.#host.stopping;
    this.#state = 'closed';
    this.#forget();
    this.#cancelLogin();
    for (const cursor of this.#cursors) this.#host.part(cursor);
    if (this.#person !== null)
      this.#host.world.leave(this.#person.id, stopped ? { type: 'stopped' } : { type: 'lost' });
    this.#host.closed(this, this.#link.address);
    this.#whenClosed();
  }

  // What the session asks for.

  get lobby(): number {
    return this.#host.world.lobby;
  }

  get person(): Person | null {
    return this.#person;
  }

  enter(name: string, done: (result: Result<Person, Refusal>) => void): void {
    this.#held = true;
    this.#host.world.enter(name, (result) => {
      if (this.#state === 'closed') {
        if (result.ok) this.#host.world.leave(result.value.id, { type: 'lost' });
        return;
      }
      if (result.ok) {
        this.#person = result.value;
        this.#cancelLogin();
        this.#link.admitted();
        this.#host.entered(this, result.value.id);
      }
      this.#release(() => done(result));
    });
  }

  rename(name: string, done: (result: Result<Person, Refusal>) => void): void {
    const refusal = this.#limit('renames');
    if (this.#person === null || refusal !== null) return done(err(refusal ?? { type: 'not-allowed' }));
    this.#held = true;
    this.#host.world.rename(this.#person.id, name, (result) => this.#release(() => done(result)));
  }

  speak(...[speech, done]: Parameters<Peer['speak']>): void {
    const refusal = this.#limit('messages');
    if (this.#person === null || refusal !== null) return done(err(refusal ?? { type: 'not-allowed' }));
    const { world } = this.#host;
    if (speech.type === 'post') return world.post(this.#person.id, speech.room, speech.text, speech.clientTime, done);
    this.#held = true;
    world.edit(this.#person.id, speech.message, speech.text, (result) => this.#release(() => done(result)));
  }

  present(): readonly string[] {
    return [...this.#host.world.people].map(({ name }) => name);
  }

  show(room: number, history: number): void {
    this.#cursors.push(this.#host.join(room, this, history));
  }

  leave(): void {
    this.#held = true;
    if (this.#person === null) this.end('done', '');
    else this.#host.world.leave(this.#person.id, { type: 'left' });
  }

  mayPing(): boolean {
    if (this.#person === null) {
      this.#cancelLogin();
      this.#cancelLogin = this.#awaitLogin(); // CONN-23
    }
    return !this.#host.limits.applyTo(this.#link.address) || this.#host.limits.mayPing(this.#link.address); // CONN-22
  }

  // What the house asks for.

  get blocked(): boolean {
    return this.#slots.blocked;
  }

  renamed(person: Person): void {
    this.#person = person;
  }

  departed(departure: Departure): void {
    this.#person = null;
    if (departure.type === 'removed') this.end('removed', `banned: ${departure.reason}`);
    else if (departure.type === 'left') this.end('done', '');
    else this.end('timeout', 'no sign of life');
  }

  probe(alive: () => void): void {
    if (this.#link.probe()) this.#probes.push(alive);
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
    this.#endIfStopped();
  }

  /** Writes what is ready, then closes; nothing of what comes after is read. */
  end(kind: CloseKind, reason: string): void {
    if (this.#state === 'ending' || this.#state === 'closed') return;
    this.#state = 'ending';
    this.#forget();
    this.outbox.flush();
    this.#link.end(kind, reason);
  }

  /** Takes requests in order, as long as nothing holds them back; an answer that comes at once does not begin it anew (CONN-06). */
  #work(): void {
    if (this.#working) return; // CONN-06
    this.#working = true;
    while (!this.#held && this.#slots.open < MAX_OPEN) {
      const decoded = this.#next();
      if (decoded === null) break;
      this.#take(decoded);
    }
    this.#working = false;
    const full = this.#decoding !== null || this.#slots.open >= MAX_OPEN; // CONN-06
    if (full === this.#paused) return;
    this.#paused = full;
    if (full) this.#link.pause();
    else this.#link.resume();
  }

  #next(): Decoded<In> | null {
    for (;;) {
      const next = this.#decoding?.next();
      if (next !== undefined && next.done !== true) return next.value;
      const bytes = this.#chunks.shift();
      this.#decoding = bytes === undefined ? null : this.#decoder.push(bytes)[Symbol.iterator]();
      if (this.#decoding === null) return null;
    }
  }

  #forget(): void {
    this.#chunks = [];
    this.#decoding = null;
  }

  #take(decoded: Decoded<In>): void {
    const fill = this.#slots.take();
    const answer = (message: Out | null) => {
      fill(message === null ? null : this.#link.frame(this.#wire.encode(message, this.#link.framing)));
      this.#answered();
    };
    if (this.#state === 'stopping') return answer(this.#wire.refuse({ type: 'stopping' }));
    const wait = this.#requests?.take(this.#host.now()) ?? 0;
    if (wait > 0) return answer(this.#wire.refuse({ type: 'too-fast', retryAfterMs: wait })); // CONN-24
    if (decoded.ok) return this.#session.receive(decoded.message, answer);
    answer(this.#wire.refuseBytes(decoded.reason));
    if (decoded.fatal) this.end('broken', decoded.reason);
  }

  #answered(): void {
    this.#endIfStopped();
    if (this.#paused && !this.#held) this.#work();
    this.#pull();
  }

  #endIfStopped(): void {
    if (this.#state === 'stopping' && this.#slots.open === 0) this.end('stopping', 'server is stopping'); // CONN-25
  }

  #release(done: () => void): void {
    if (this.#state === 'closed') return;
    this.#held = false;
    done();
    this.#work();
  }

  #pull(): void {
    for (const cursor of this.#cursors) cursor.pull();
  }

  #limit(what: 'messages' | 'renames'): Refusal | null {
    if (this.#person === null || !this.#host.limits.applyTo(this.#link.address)) return null;
    const retryAfterMs = this.#host.limits.take(this.#person.id, what);
    return retryAfterMs === 0 ? null : { type: 'too-fast', retryAfterMs }; // CONN-21
  }

  #awaitLogin(): () => void {
    return this.#host.later(this.#host.loginMs, () => this.end('timeout', 'nobody logged in')); // CONN-23
  }
}
