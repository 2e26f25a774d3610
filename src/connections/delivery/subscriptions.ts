import type { Event } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { JoinedRoom, RoomHead } from '../../core/services/rooms.ts';
import { Backlog, mergeWaiting, type Waiting } from './backlog.ts';
import type { Cursor, Receiver } from './cursor.ts';
import { MessageFilter } from './message-filter.ts';
import type { ConnectionServices } from '../services.ts';
import type { Outbox } from '../output/outbox.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import type { Variant } from '../variant.ts';

const RETRY_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** What subscriptions need of their connection. */
export type SubscriptionContext = {
  readonly services: ConnectionServices;
  readonly outbox: Outbox;
  /** The variant for rooms, which all see alike (`viewer` is null), and for directs. */
  variantFor(viewer: PersonId | null): Variant;
  /** Whether an answer waits for an earlier one. */
  readonly replies: { readonly blocked: boolean };
  readonly tooSlow: () => void;
  /** What waited is in the outbox, or a room has caught up. */
  readonly live: () => void;
  /** Asks the other side for a sign of life, if the link can. */
  readonly probe: () => void;
};

/** A delivered room: every event after `from`, and of what came before the messages from `firstNumber` on. */
type RoomSubscription = {
  readonly cursor: Cursor;
  readonly direct: boolean;
  readonly from: RoomHead;
  firstNumber: number;
  confirmed: number;
};

/** What one connection delivers: first what waits for its person, then what happens in its rooms. */
export class Subscriptions {
  readonly person: PersonId;
  readonly options: SubscriptionOptions;
  /** Of all rooms but directs. */
  readonly receiver: SubscriptionReceiver;
  /** Of directs; made with the first. */
  #direct: SubscriptionReceiver | null = null;
  readonly #context: SubscriptionContext;
  readonly #rooms = new Map<RoomId, RoomSubscription>();
  readonly #filter: MessageFilter;
  #backlog: Backlog | null = null;
  #markers: ReadonlyMap<RoomId, number> | null = null;
  /** What waited is in the outbox: events can follow. */
  #live = false;
  /** Reading what waits has failed at least once. */
  #failed = false;
  #closed = false;

  constructor(context: SubscriptionContext, person: PersonId, options: SubscriptionOptions) {
    this.#context = context;
    this.person = person;
    this.options = options;
    this.receiver = this.#receiverFor(null);
    const { showsChangesAsMessages } = this.receiver.variant;
    this.#filter = new MessageFilter(context.services, person, options, showsChangesAsMessages);
  }

  /** Whether everything so far was put into the outbox, or cannot be read now. */
  get isDelivered(): boolean {
    if (!this.#live) return this.#failed; // CONN-70
    return [...this.#rooms.values()].every(({ cursor }) => cursor.isLive); // CONN-70
  }

  /** Reads what waits, delivers it, then goes on with events; tries again while storage is unavailable. */
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

  /** The person joined a room: it is delivered from after this position and message number, unless it is delivered already. */
  joined(room: RoomId, direct: boolean, position: number, number: number): void {
    if (this.#rooms.has(room) || !this.#shows({ room, direct })) return; // CONN-49
    const subscription = this.#subscribe(room, direct, { position, number });
    if (this.#live) start(subscription); // CONN-45
  }

  left(room: RoomId): void {
    const subscription = this.#rooms.get(room);
    if (subscription === undefined) return;
    this.#rooms.delete(room);
    this.#context.services.part(subscription.cursor);
  }

  /** From now on everything is delivered in another encoding of the protocol. */
  changeEncoding(): void {
    const { services, variantFor } = this.#context;
    const cursors = Array.from(this.#rooms.values(), ({ cursor }) => cursor);
    services.regroup(cursors, () => {
      this.receiver.variant = variantFor(null); // CONN-68
      if (this.#direct !== null) this.#direct.variant = variantFor(this.person); // CONN-68
    });
  }

  /** The person sent this message on this connection, or changed it. */
  sent(message: Message): void {
    this.#filter.sent(message);
  }

  catchUp(): void {
    for (const { cursor } of this.#rooms.values()) cursor.catchUp();
  }

  /** The other side gave a sign of life: what was sent by now was delivered (CONN-43). False while something is not sent. */
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

  /** Delivers nothing more; what was sent can still be confirmed. */
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
        return this.#filter.hidesNew(event.message, event.conversation.type === 'direct');
      case 'message-edited':
      case 'message-deleted': {
        const first = this.#rooms.get(event.room)?.firstNumber ?? Infinity; // CONN-42
        return this.#filter.hidesChange(event.message, event.conversation.type === 'direct', first);
      }
      default:
        return false;
    }
  }

  async #load(): Promise<void> {
    const { services } = this.#context;
    if (this.#markers === null) {
      const opened = await services.markers.open(this.person);
      if (this.#closed) return services.markers.close(this.person);
      this.#markers = opened;
    }
    const markers = this.#markers;
    const joined = await services.world.rooms.of(this.person);
    const limit = Math.max(services.waiting.messages, this.options.history);
    let waiting: Waiting[] = [];
    // One room after the other, so that at most twice the limit is in memory at once (T6).
    for (const room of joined.filter((one) => this.#shows(one))) {
      const found = await this.#waiting(room, markers.get(room.room) ?? 0);
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

  /** Whether a waiting message is still wanted: the person may have left its room since, or blocked its author. */
  #wants(message: Message): boolean {
    const room = this.#rooms.get(message.room);
    return room !== undefined && !this.#filter.hidesNew(message, room.direct); // CONN-40 CONN-49
  }

  /** What waits in one room after the last message that was delivered; from now on what happens there is held back. */
  #waiting({ room, direct, since }: JoinedRoom, delivered: number): Promise<readonly Waiting[]> {
    const { services } = this.#context;
    const { world } = services;
    return world.useRooms([room], async () => {
      if (this.#closed || !world.rooms.isIn(this.person, room)) return []; // CONN-49 CONN-55
      const { number } = (this.#rooms.get(room) ?? this.#subscribe(room, direct)).from; // CONN-49
      const after = Math.max(delivered, since ?? number);
      const history = room === world.lobby ? this.options.history : 0;
      const count = Math.max(history, Math.min(services.waiting.messages, number - after)); // CONN-44
      const page = count > 0 ? await world.history.page(room, number + 1, count) : null;
      const oldest = services.date() - services.waiting.days * DAY_MS;
      const isWanted = (message: Message) =>
        message.number > number - history || (message.number > after && message.serverTime >= oldest); // CONN-44
      const conversation = world.history.conversation(room);
      const receiver = this.#receiverOf(direct);
      return (page?.messages ?? [])
        .filter((message) => isWanted(message) && !this.#filter.hidesNew(message, direct))
        .map((message): Waiting => ({ message, conversation, receiver }));
    });
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

  /** Subscribes to a room from where it stands, or from `from`; its events are held back until `start`. */
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

/** A class, because every delivery goes through it, and engines are fast where all objects have one shape. */
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

function start({ cursor, from }: RoomSubscription): void {
  cursor.start(from.position, from.number);
}
