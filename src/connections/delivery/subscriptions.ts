import type { Event } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { JoinedRoom, RoomHead } from '../../core/services/rooms.ts';
import { Backlog, mergeWaiting, type Waiting } from './backlog.ts';
import type { Cursor, Receiver } from './cursor.ts';
import type { ConnectionServices } from '../services.ts';
import type { Outbox } from '../output/outbox.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import type { Variant } from '../variant.ts';

const RETRY_MS = 1_000;
const KEPT = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What a screen needs of its connection. */
export type SubscriptionContext = {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  /** In which bytes rooms are shown, where all see the same (`viewer` is null), and conversations of two. */
  variantFor(viewer: PersonId | null): Variant;
  /** Blocked while an answer waits for an earlier one. */
  readonly replies: { readonly blocked: boolean };
  readonly tooSlow: () => void;
  /** What waited is in the outbox, or what happened in a room while this connection was behind. */
  readonly live: () => void;
  /** Asks the other side for a sign of life, where the link can. */
  readonly probe: () => void;
};

/** A room that is shown: what happens after `from`. Of what came before, messages from `firstNumber` on were shown. */
type RoomSubscription = {
  readonly cursor: Cursor;
  readonly direct: boolean;
  readonly from: RoomHead;
  firstNumber: number;
  confirmed: number;
};

/** What one connection shows: first what waits for its person, then what happens in the rooms it shows. */
export class Subscriptions {
  readonly person: PersonId;
  readonly options: SubscriptionOptions;
  /** For rooms. */
  readonly receiver: SubscriptionReceiver;
  /** For conversations of two, from the first on. */
  #direct: SubscriptionReceiver | null = null;
  readonly #context: SubscriptionContext;
  readonly #rooms = new Map<RoomId, RoomSubscription>();
  /** What was said on this connection, where that is shown on the person's others only. */
  #ownSent: Set<string> | null = null;
  /** Messages that this connection was not shown, where changes are lines of their own. */
  #unseen: Set<string> | null = null;
  #backlog: Backlog | null = null;
  #markers: ReadonlyMap<RoomId, number> | null = null;
  /** What waited is in the outbox: what happens can follow. */
  #live = false;
  /** What waits could not be read, at least once. */
  #failed = false;
  #closed = false;

  constructor(context: SubscriptionContext, person: PersonId, options: SubscriptionOptions) {
    this.#context = context;
    this.person = person;
    this.options = options;
    this.receiver = this.#receiverFor(null);
  }

  /** Whether what waited, and what happened so far, has been put into the outbox, or cannot be read now. */
  get isDelivered(): boolean {
    if (!this.#live) return this.#failed; // CONN-70
    return [...this.#rooms.values()].every(({ cursor }) => cursor.isLive); // CONN-70
  }

  /** Reads what waits, shows it, and goes on with what happens; tries again where storage is unavailable. */
  open(): void {
    if (this.#closed) return; // CONN-12
    const { rooms, lobby } = this.#context.services.world;
    const isIn = this.#shows({ room: lobby, direct: false }) && rooms.isIn(this.person, lobby);
    if (isIn && !this.#rooms.has(lobby)) this.#subscribe(lobby, false); // CONN-57
    this.#load().catch(() => {
      if (this.#closed) return;
      this.#failed = true;
      this.#context.services.later(RETRY_MS, () => this.open());
      this.#context.live();
    });
  }

  /** The person is in a room from this position on. A room that is shown already, or will be, is shown no second time. */
  joined(room: RoomId, direct: boolean, position: number, number: number): void {
    if (this.#rooms.has(room) || !this.#shows({ room, direct })) return; // CONN-49
    const subscription = this.#subscribe(room, direct, { position, number });
    if (this.#live) start(subscription); // CONN-45
  }

  /** Nothing of the room is shown any more. */
  left(room: RoomId): void {
    const subscription = this.#rooms.get(room);
    if (subscription === undefined) return;
    this.#rooms.delete(room);
    this.#context.services.part(subscription.cursor);
  }

  /** From now on everything is shown in another form of the wire. */
  changeEncoding(): void {
    const { services, variantFor } = this.#context;
    const cursors = Array.from(this.#rooms.values(), ({ cursor }) => cursor);
    services.regroup(cursors, () => {
      this.receiver.variant = variantFor(null); // CONN-68
      if (this.#direct !== null) this.#direct.variant = variantFor(this.person); // CONN-68
    });
  }

  /** Something was said on this connection, or changed. */
  sent(message: Message): void {
    if (this.options.ownMessages === 'all' && this.options.direct === 'all') return;
    this.#ownSent = keep(this.#ownSent, versionOf(message));
  }

  catchUp(): void {
    for (const { cursor } of this.#rooms.values()) cursor.catchUp();
  }

  /** The other side showed that it is there: what has left for it by now was shown (CONN-43). False while something has not. */
  confirm(hasLeft = this.#context.outbox.size === 0): boolean {
    if (!hasLeft || this.#context.outbox.lost) return false; // CONN-43
    if (this.#markers === null) return true;
    for (const [room, subscription] of this.#rooms) {
      const { number } = subscription.cursor;
      if (number === subscription.confirmed) continue;
      subscription.confirmed = number;
      this.#context.services.markers.advance(this.person, room, number);
    }
    return true;
  }

  /** Shows nothing more; what has left can still be confirmed. */
  stop(): void {
    this.#closed = true;
    this.#backlog?.stop();
    for (const { cursor } of this.#rooms.values()) this.#context.services.part(cursor);
  }

  close(): void {
    this.stop();
    if (this.#markers !== null) this.#context.services.markers.close(this.person);
  }

  /** Whether an event is not for this connection. */
  #hides(event: Event): boolean {
    switch (event.type) {
      case 'person-left':
        return event.person.id === this.person; // CONN-41
      case 'person-entered':
      case 'person-renamed':
        return event.person.id === this.person && !this.receiver.variant.showsOwnMoves; // CONN-67
      case 'message-posted':
      case 'message-edited':
      case 'message-deleted':
        return this.#hidesMessage(event.message, event.type === 'message-posted', event.conversation.type === 'direct');
      default:
        return false;
    }
  }

  #hidesMessage(message: Message, isNew: boolean, isDirect: boolean): boolean {
    const isHidden = this.#isForOthers(message, isDirect); // CONN-40
    if (!this.receiver.variant.showsChangesAsMessages) return isHidden;
    if (isNew) {
      if (isHidden) this.#unseen = keep(this.#unseen, message.id); // CONN-42
      if (!isHidden) this.#unseen?.delete(message.id);
      return isHidden;
    }
    const isUnseen = message.number < (this.#rooms.get(message.room)?.firstNumber ?? Infinity); // CONN-42
    return isHidden || isUnseen || this.#unseen?.has(message.id) === true; // CONN-42
  }

  #isForOthers(message: Message, isDirect: boolean): boolean {
    if (message.author.id !== this.person) return this.#context.services.world.history.isHidden(this.person, message); // CONN-40
    const own = isDirect ? this.options.direct : this.options.ownMessages;
    return own === 'none' || (own === 'others' && this.#ownSent?.has(versionOf(message)) === true); // CONN-40
  }

  async #load(): Promise<void> {
    const { services } = this.#context;
    if (this.#markers === null) {
      const shown = await services.markers.open(this.person);
      if (this.#closed) return services.markers.close(this.person);
      this.#markers = shown;
    }
    const shown = this.#markers;
    const own = await services.world.rooms.of(this.person);
    const mine = own.filter((room) => this.#shows(room));
    const limit = Math.max(services.waiting.messages, this.options.history);
    let waiting: Waiting[] = [];
    // One room after the other, so that no more than twice what is kept is in memory at once (T6).
    for (const room of mine) {
      const found = await this.#waiting(room, shown.get(room.room) ?? 0);
      if (this.#closed) return;
      waiting = mergeWaiting([waiting, found], limit); // CONN-44
    }
    for (const { message } of waiting) {
      const room = this.#rooms.get(message.room);
      if (room !== undefined) room.firstNumber = Math.min(room.firstNumber, message.number);
    }
    const { outbox, tooSlow, live, probe } = this.#context;
    const isAccount = services.world.people.account(this.person) !== undefined; // CONN-56
    this.#backlog = new Backlog(
      {
        outbox,
        tooSlow,
        later: (ms, run) => void services.later(ms, run),
        wants: (message) => this.#wants(message),
        done: () => {
          this.#backlog = null;
          this.#live = true;
          for (const room of this.#rooms.values()) start(room);
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
    const room = this.#rooms.get(message.room);
    return room !== undefined && !this.#hidesMessage(message, true, room.direct); // CONN-40 CONN-49
  }

  /** What waits in one room after the last message that was shown; from now on what happens there is held back. */
  async #waiting({ room, direct, since }: JoinedRoom, shown: number): Promise<readonly Waiting[]> {
    const { services } = this.#context;
    const { world } = services;
    await world.load(room);
    if (this.#closed || !world.rooms.isIn(this.person, room)) {
      world.known.letGo(room); // CONN-55
      return []; // CONN-49
    }
    const { number } = (this.#rooms.get(room) ?? this.#subscribe(room, direct)).from; // CONN-49
    const after = Math.max(shown, since ?? number);
    const history = room === world.lobby ? this.options.history : 0;
    const count = Math.max(history, Math.min(services.waiting.messages, number - after)); // CONN-44
    const page = count > 0 ? await world.history.page(room, number + 1, count) : null;
    const oldest = services.date() - services.waiting.days * DAY_MS;
    const conversation = world.history.conversation(room);
    const receiver = this.#receiverOf(direct);
    return (page?.messages ?? [])
      .filter(
        (message) => message.number > number - history || (message.number > after && message.serverTime >= oldest),
      ) // CONN-44
      .filter((message) => !this.#hidesMessage(message, true, direct))
      .map((message): Waiting => ({ message, conversation, receiver }));
  }

  #receiverOf(direct: boolean): SubscriptionReceiver {
    return direct ? (this.#direct ??= this.#receiverFor(this.person)) : this.receiver;
  }

  #receiverFor(viewer: PersonId | null): SubscriptionReceiver {
    return new SubscriptionReceiver(this.#context, this.#context.variantFor(viewer), (event) => this.#hides(event));
  }

  #shows({ room, direct }: Pick<JoinedRoom, 'room' | 'direct'>): boolean {
    if (direct) return this.options.direct !== null;
    return this.options.rooms === 'all' || room === this.#context.services.world.lobby;
  }

  /** From now on the room is shown from where it stands, or from somewhere else: held back until the row is started. */
  #subscribe(
    room: RoomId,
    direct: boolean,
    from: RoomHead = this.#context.services.world.rooms.head(room),
  ): RoomSubscription {
    const cursor = this.#context.services.join(room, this.#receiverOf(direct), direct);
    const subscription = { cursor, direct, from, firstNumber: from.number + 1, confirmed: 0 };
    this.#rooms.set(room, subscription);
    return subscription;
  }
}

/** A class, not an object made on the spot: every delivery goes through it, and engines are fast where all look alike. */
class SubscriptionReceiver implements Receiver {
  variant: Variant;
  readonly outbox: Outbox;
  readonly #context: SubscriptionContext;
  readonly #replies: SubscriptionContext['replies'];
  readonly #hides: (event: Event) => boolean;

  constructor(context: SubscriptionContext, variant: Variant, hides: (event: Event) => boolean) {
    this.variant = variant;
    this.outbox = context.outbox;
    this.#context = context;
    this.#replies = context.replies;
    this.#hides = hides;
  }

  get blocked(): boolean {
    return this.#replies.blocked;
  }

  hides(event: Event): boolean {
    return this.#hides(event);
  }

  tooSlow(): void {
    this.#context.tooSlow();
  }

  caughtUp(): void {
    this.#context.live();
  }
}

/** Shows what happens in a room, beginning where that was noted. */
function start({ cursor, from }: RoomSubscription): void {
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
