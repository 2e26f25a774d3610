import type { Event } from '../core/events.ts';
import type { PersonId, RoomId } from '../core/ids.ts';
import type { Message } from '../core/message.ts';
import type { OwnRoom, Stand } from '../core/rooms.ts';
import { Backlog, merged, type Waiting } from './backlog.ts';
import type { Cursor, Receiver } from './cursor.ts';
import type { Host } from './host.ts';
import type { Outbox } from './outbox.ts';
import type { Showing } from './peer.ts';
import type { Variant } from './variant.ts';

const RETRY_MS = 1_000;
const KEPT = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a screen needs of its connection. */
export type ScreenHost = {
  readonly host: Host;
  readonly outbox: Outbox;
  /** In which bytes rooms are shown, where all see the same (`viewer` is null), and conversations of two. */
  variantFor(viewer: PersonId | null): Variant;
  /** Blocked while an answer waits for an earlier one. */
  readonly slots: { readonly blocked: boolean };
  readonly tooSlow: () => void;
  /** What waited is in the outbox, or what happened in a room while this connection was behind. */
  readonly live: () => void;
  /** Asks the other side for a sign of life, where the link can. */
  readonly probe: () => void;
};

/** A room that is shown: what happens after `from`. Of what came before, messages from `firstNumber` on were shown. */
type Row = {
  readonly cursor: Cursor;
  readonly direct: boolean;
  readonly from: Stand;
  firstNumber: number;
  confirmed: number;
};

/** What one connection shows: first what waits for its person, then what happens in the rooms it shows. */
export class Screen {
  readonly person: PersonId;
  readonly showing: Showing;
  /** For rooms. */
  readonly receiver: ScreenReceiver;
  /** For conversations of two, from the first on. */
  #direct: ScreenReceiver | null = null;
  readonly #seat: ScreenHost;
  readonly #rows = new Map<RoomId, Row>();
  /** What was said on this connection, where that is shown on the person's others only. */
  #own: Set<string> | null = null;
  /** Messages that this connection was not shown, where changes are lines of their own. */
  #unseen: Set<string> | null = null;
  #backlog: Backlog | null = null;
  #shown: ReadonlyMap<RoomId, number> | null = null;
  /** What waited is in the outbox: what happens can follow. */
  #live = false;
  /** What waits could not be read, at least once. */
  #failed = false;
  #closed = false;

  constructor(seat: ScreenHost, person: PersonId, showing: Showing) {
    this.#seat = seat;
    this.person = person;
    this.showing = showing;
    this.receiver = this.#receiverFor(null);
  }

  /** Whether what waited, and what happened so far, has been put into the outbox, or cannot be read now. */
  get isThrough(): boolean {
    if (!this.#live) return this.#failed; // CONN-70
    return [...this.#rows.values()].every(({ cursor }) => cursor.isLevel); // CONN-70
  }

  /** Reads what waits, shows it, and goes on with what happens; tries again where storage is unavailable. */
  open(): void {
    if (this.#closed) return; // CONN-12
    const { rooms, lobby } = this.#seat.host.world;
    const isIn = this.#shows({ room: lobby, direct: false }) && rooms.isIn(this.person, lobby);
    if (isIn && !this.#rows.has(lobby)) this.#row(lobby, false); // CONN-57
    this.#load().catch(() => {
      if (this.#closed) return;
      this.#failed = true;
      this.#seat.host.later(RETRY_MS, () => this.open());
      this.#seat.live();
    });
  }

  /** The person is in a room from this position on. A room that is shown already, or will be, is shown no second time. */
  joined(room: RoomId, direct: boolean, position: number, number: number): void {
    if (this.#rows.has(room) || !this.#shows({ room, direct })) return; // CONN-49
    const row = this.#row(room, direct, { position, number });
    if (this.#live) start(row); // CONN-45
  }

  /** Nothing of the room is shown any more. */
  parted(room: RoomId): void {
    const row = this.#rows.get(room);
    if (row === undefined) return;
    this.#rows.delete(room);
    this.#seat.host.part(row.cursor);
  }

  /** From now on everything is shown in another form of the wire. */
  turn(): void {
    const { host, variantFor } = this.#seat;
    const cursors = Array.from(this.#rows.values(), ({ cursor }) => cursor);
    host.regroup(cursors, () => {
      this.receiver.variant = variantFor(null); // CONN-68
      if (this.#direct !== null) this.#direct.variant = variantFor(this.person); // CONN-68
    });
  }

  /** Something was said on this connection, or changed. */
  said(message: Message): void {
    if (this.showing.own === 'all' && this.showing.direct === 'all') return;
    this.#own = keep(this.#own, versionOf(message));
  }

  pull(): void {
    for (const { cursor } of this.#rows.values()) cursor.pull();
  }

  /** The other side showed that it is there: what has left for it by now was shown (CONN-43). False while something has not. */
  confirm(hasLeft = this.#seat.outbox.size === 0): boolean {
    if (!hasLeft || this.#seat.outbox.lost) return false; // CONN-43
    if (this.#shown === null) return true;
    for (const [room, row] of this.#rows) {
      if (row.cursor.number === row.confirmed) continue;
      row.confirmed = row.cursor.number;
      this.#seat.host.shown.raise(this.person, room, row.confirmed);
    }
    return true;
  }

  /** Shows nothing more; what has left can still be confirmed. */
  stop(): void {
    this.#closed = true;
    this.#backlog?.stop();
    for (const { cursor } of this.#rows.values()) this.#seat.host.part(cursor);
  }

  close(): void {
    this.stop();
    if (this.#shown !== null) this.#seat.host.shown.close(this.person);
  }

  /** Whether an event is not for this connection. */
  #hides(event: Event): boolean {
    switch (event.type) {
      case 'person-left':
        return event.person.id === this.person; // CONN-41
      case 'person-entered':
      case 'person-renamed':
        return event.person.id === this.person && !this.receiver.variant.ownMoves; // CONN-67
      case 'message-posted':
      case 'message-edited':
      case 'message-deleted':
        return this.#hidesMessage(event.message, event.type === 'message-posted', event.place.type === 'direct');
      default:
        return false;
    }
  }

  #hidesMessage(message: Message, isNew: boolean, isDirect: boolean): boolean {
    const isHidden = this.#isForOthers(message, isDirect); // CONN-40
    if (!this.receiver.variant.changesAreLines) return isHidden;
    if (isNew) {
      if (isHidden) this.#unseen = keep(this.#unseen, message.id); // CONN-42
      if (!isHidden) this.#unseen?.delete(message.id);
      return isHidden;
    }
    const isUnseen = message.number < (this.#rows.get(message.room)?.firstNumber ?? Infinity); // CONN-42
    return isHidden || isUnseen || this.#unseen?.has(message.id) === true; // CONN-42
  }

  #isForOthers(message: Message, isDirect: boolean): boolean {
    if (message.author.id !== this.person) return this.#seat.host.world.history.isHidden(this.person, message); // CONN-40
    const own = isDirect ? this.showing.direct : this.showing.own;
    return own === 'none' || (own === 'others' && this.#own?.has(versionOf(message)) === true); // CONN-40
  }

  async #load(): Promise<void> {
    const { host } = this.#seat;
    if (this.#shown === null) {
      const shown = await host.shown.open(this.person);
      if (this.#closed) return host.shown.close(this.person);
      this.#shown = shown;
    }
    const shown = this.#shown;
    const own = await host.world.rooms.of(this.person);
    const mine = own.filter((room) => this.#shows(room));
    const limit = Math.max(host.waiting.messages, this.showing.history);
    let waiting: Waiting[] = [];
    // One room after the other, so that no more than twice what is kept is in memory at once (T6).
    for (const room of mine) {
      const found = await this.#waiting(room, shown.get(room.room) ?? 0);
      if (this.#closed) return;
      waiting = merged([waiting, found], limit); // CONN-44
    }
    for (const { message } of waiting) {
      const row = this.#rows.get(message.room);
      if (row !== undefined) row.firstNumber = Math.min(row.firstNumber, message.number);
    }
    const { outbox, tooSlow, live, probe } = this.#seat;
    const isAccount = host.world.people.account(this.person) !== undefined; // CONN-56
    this.#backlog = new Backlog(
      {
        outbox,
        tooSlow,
        later: (ms, run) => void host.later(ms, run),
        wants: (message) => this.#wants(message),
        done: () => {
          this.#backlog = null;
          this.#live = true;
          for (const row of this.#rows.values()) start(row);
          if (waiting.length > 0 && isAccount) outbox.whenTaken(probe); // CONN-72
          live();
        },
      },
      waiting,
    );
    this.#backlog.push();
  }

  /** Whether what waited is still to be shown: its room may have been left since, its author blocked. */
  #wants(message: Message): boolean {
    const row = this.#rows.get(message.room);
    return row !== undefined && !this.#hidesMessage(message, true, row.direct); // CONN-40 CONN-49
  }

  /** What waits in one room after the last message that was shown; from now on what happens there is held back. */
  async #waiting({ room, direct, since }: OwnRoom, shown: number): Promise<readonly Waiting[]> {
    const { host } = this.#seat;
    const { world } = host;
    await world.load(room);
    if (this.#closed || !world.rooms.isIn(this.person, room)) {
      world.known.letGo(room); // CONN-55
      return []; // CONN-49
    }
    const { number } = (this.#rows.get(room) ?? this.#row(room, direct)).from; // CONN-49
    const after = Math.max(shown, since ?? number);
    const history = room === world.lobby ? this.showing.history : 0;
    const count = Math.max(history, Math.min(host.waiting.messages, number - after)); // CONN-44
    const page = count > 0 ? await world.history.page(room, number + 1, count) : null;
    const oldest = host.date() - host.waiting.days * DAY_MS;
    const place = world.history.place(room);
    const receiver = this.#receiverOf(direct);
    return (page?.messages ?? [])
      .filter(
        (message) => message.number > number - history || (message.number > after && message.serverTime >= oldest),
      ) // CONN-44
      .filter((message) => !this.#hidesMessage(message, true, direct))
      .map((message): Waiting => ({ message, place, receiver }));
  }

  #receiverOf(direct: boolean): ScreenReceiver {
    return direct ? (this.#direct ??= this.#receiverFor(this.person)) : this.receiver;
  }

  #receiverFor(viewer: PersonId | null): ScreenReceiver {
    return new ScreenReceiver(this.#seat, this.#seat.variantFor(viewer), (event) => this.#hides(event));
  }

  #shows({ room, direct }: Pick<OwnRoom, 'room' | 'direct'>): boolean {
    if (direct) return this.showing.direct !== null;
    return this.showing.rooms === 'all' || room === this.#seat.host.world.lobby;
  }

  /** From now on the room is shown from where it stands, or from somewhere else: held back until the row is started. */
  #row(room: RoomId, direct: boolean, from: Stand = this.#seat.host.world.rooms.stand(room)): Row {
    const cursor = this.#seat.host.join(room, this.#receiverOf(direct), direct);
    const row = { cursor, direct, from, firstNumber: from.number + 1, confirmed: 0 };
    this.#rows.set(room, row);
    return row;
  }
}

/** A class, not an object made on the spot: every delivery goes through it, and engines are fast where all look alike. */
class ScreenReceiver implements Receiver {
  variant: Variant;
  readonly outbox: Outbox;
  readonly #seat: ScreenHost;
  readonly #slots: ScreenHost['slots'];
  readonly #hides: (event: Event) => boolean;

  constructor(seat: ScreenHost, variant: Variant, hides: (event: Event) => boolean) {
    this.variant = variant;
    this.outbox = seat.outbox;
    this.#seat = seat;
    this.#slots = seat.slots;
    this.#hides = hides;
  }

  get blocked(): boolean {
    return this.#slots.blocked;
  }

  hides(event: Event): boolean {
    return this.#hides(event);
  }

  tooSlow(): void {
    this.#seat.tooSlow();
  }

  caughtUp(): void {
    this.#seat.live();
  }
}

/** Shows what happens in a room, beginning where that was noted. */
function start({ cursor, from }: Row): void {
  cursor.start(from.position, from.number);
}

/** Adds one to what is kept so far, if anything is, and lets go of the oldest of too many. */
function keep(before: Set<string> | null, one: string): Set<string> {
  const kept = before ?? new Set<string>();
  kept.add(one);
  for (const oldest of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return kept;
}

/** Names a message as it stands after one change more or less. */
function versionOf({ id, edits, deletedAt }: Message): string {
  return `${id} ${edits.length} ${deletedAt}`;
}
