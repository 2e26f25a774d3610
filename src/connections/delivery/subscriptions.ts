import type { Event } from '../../core/model/events.ts';
import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { JoinedRoom, RoomHead } from '../../core/services/rooms.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';
import { Backlog, type BacklogMessage, mergeBacklogs } from './backlog.ts';
import type { Cursor } from './cursor.ts';
import { DeliveryProof, type ProofContext } from './delivery-proof.ts';
import { FetchedMessages } from './fetched-messages.ts';
import { MessageFilter } from './message-filter.ts';
import type { SubscriptionContext } from './subscription-context.ts';
import { SubscriptionReceiver } from './subscription-receiver.ts';
import { plausibleTimes } from './plausible-times.ts';

const RETRY_MS = 1_000;
const DAY_MS = 24 * 60 * 60 * 1_000;

/** A delivered room: all events after `from`, and the messages before it from `firstNumber` on. */
type RoomSubscription = {
  readonly cursor: Cursor;
  readonly direct: boolean;
  readonly from: RoomHead;
  firstNumber: number;
  /** All messages up to this number have arrived, or need not arrive. */
  proved: number;
};

/** The subscriptions of one connection: delivers its person's backlog, then the events of its rooms. */
export class Subscriptions implements ProofContext {
  readonly person: PersonId;
  readonly options: SubscriptionOptions;
  /** For all rooms except directs. */
  readonly receiver: SubscriptionReceiver;
  /** Made for the first bytes of an account, to save memory. */
  #proof: DeliveryProof | null = null;
  /** For directs; null until there is one. */
  #direct: SubscriptionReceiver | null = null;
  readonly #context: SubscriptionContext;
  readonly #rooms = new Map<RoomId, RoomSubscription>();
  readonly #filter: MessageFilter;
  /** Messages that the client fetched; null until it fetches one, to save memory. */
  #fetched: FetchedMessages | null = null;
  #backlog: Backlog | null = null;
  #markers: ReadonlyMap<RoomId, number> | null = null;
  /** The backlog is in the outbox: events can follow. */
  #live = false;
  /** Loading the backlog has failed at least once. */
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

  /** What proves the arrival of messages; null for a guest, who cannot come back, and before the first bytes. */
  get proof(): DeliveryProof | null {
    return this.#proof;
  }

  /** Bytes of this connection were written. */
  written(): void {
    this.#accountProof()?.written();
  }

  get connection(): SubscriptionContext {
    return this.#context;
  }

  get hasMarkers(): boolean {
    return this.#markers !== null;
  }

  unproved(): ReadonlyMap<RoomId, number> {
    const unproved = new Map<RoomId, number>(this.#fetched?.unproved());
    for (const [room, { cursor, proved }] of this.#rooms) if (cursor.number > proved) unproved.set(room, cursor.number);
    return unproved;
  }

  arrived(room: RoomId, number: number): void {
    const subscription = this.#rooms.get(room);
    if (subscription !== undefined) subscription.proved = Math.max(subscription.proved, number);
    this.#fetched?.arrived(room, number);
    this.#context.services.markers.advance(this.person, room, number);
  }

  /** What delivers the events of a direct, or of any other room. */
  receiverOf(direct: boolean): SubscriptionReceiver {
    return direct ? (this.#direct ??= this.#receiverFor(this.person)) : this.receiver;
  }

  /** The client was sent these messages of a room because it asked for them. */
  fetched(room: RoomId, first: number, last: number): void {
    if (this.#markers === null) return;
    this.#fetched ??= new FetchedMessages();
    const since = this.#context.services.world.reader.memberships(this.person).get(room)?.since ?? 0;
    this.#fetched.add(room, { first, last }, Math.max(since, this.#markers.get(room) ?? 0)); // CONN-76
    this.#accountProof()?.written();
  }

  /** Whether backlog and events so far were put into the outbox, or cannot be loaded now. */
  get isDelivered(): boolean {
    if (!this.#live) return this.#failed; // CONN-70
    return [...this.#rooms.values()].every(({ cursor }) => cursor.isLive); // CONN-70
  }

  /** Loads and delivers the backlog, then events; tries again while storage is unavailable. */
  open(): void {
    if (this.#closed) return; // CONN-12
    const { rooms, lobby } = this.#context.services.world;
    const isIn = this.#delivers({ room: lobby, direct: false }) && rooms.isIn(this.person, lobby);
    if (isIn && !this.#rooms.has(lobby)) this.#subscribe(lobby, false); // CONN-57
    this.#load().catch(() => {
      if (this.#closed) return;
      this.#failed = true;
      this.#context.services.clock.after(RETRY_MS, () => this.open());
      this.#context.delivered();
    });
  }

  /** The person joined a room: delivers it from after this position and message number, unless it is delivered already. */
  joined(room: RoomId, direct: boolean, position: number, number: number): void {
    if (this.#rooms.has(room) || !this.#delivers({ room, direct })) return; // CONN-49
    const subscription = this.#subscribe(room, direct, { position, number });
    if (this.#live) this.#start(room, subscription); // CONN-45
  }

  left(room: RoomId): void {
    const subscription = this.#rooms.get(room);
    if (subscription === undefined) return;
    this.#rooms.delete(room);
    this.#context.services.closeCursor(subscription.cursor);
  }

  /** The encoding has changed: from now on everything is delivered in the new one. */
  changeEncoding(): void {
    const { services, variantFor } = this.#context;
    const cursors = Array.from(this.#rooms.values(), ({ cursor }) => cursor);
    services.regroup(cursors, () => {
      this.receiver.variant = variantFor(null); // CONN-68
      if (this.#direct !== null) this.#direct.variant = variantFor(this.person); // CONN-68
    });
  }

  /** The person sent or changed this message on this connection. */
  sent(message: Message): void {
    this.#filter.sent(message);
  }

  catchUp(): void {
    for (const { cursor } of this.#rooms.values()) cursor.catchUp();
  }

  /** Delivers nothing more. What was sent can still be proved. */
  stop(): void {
    this.#closed = true;
    this.#backlog?.stop();
    for (const { cursor } of this.#rooms.values()) this.#context.services.closeCursor(cursor);
  }

  close(): void {
    this.stop();
    this.#proof?.stop();
    if (this.#markers !== null) this.#context.services.markers.close(this.person);
  }

  #accountProof(): DeliveryProof | null {
    const { people } = this.#context.services.world;
    if (this.#proof === null && people.account(this.person) !== undefined) this.#proof = new DeliveryProof(this); // CONN-56
    return this.#proof;
  }

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
      case 'person-typing':
        return this.#filter.hidesTyping(event);
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
    const limit = Math.max(services.backlog.messages, this.options.history);
    let backlog: BacklogMessage[] = [];
    // One room after the other, so that memory holds at most twice the limit (T6).
    for (const room of joined.filter((one) => this.#delivers(one))) {
      const found = await this.#backlogOf(room, markers.get(room.room) ?? 0);
      if (this.#closed) return;
      backlog = mergeBacklogs([backlog, found], limit); // CONN-44
    }
    for (const { message } of backlog) {
      const room = this.#rooms.get(message.room);
      if (room !== undefined) room.firstNumber = Math.min(room.firstNumber, message.number);
    }
    const { outbox, tooSlow, delivered } = this.#context;
    this.#backlog = new Backlog(
      {
        outbox,
        tooSlow,
        later: (ms, run) => void services.clock.after(ms, run),
        wants: (message) => this.#wants(message),
        done: () => {
          this.#backlog = null;
          this.#live = true;
          for (const [room, subscription] of this.#rooms) this.#start(room, subscription);
          if (backlog.length > 0) this.#accountProof()?.probeNextWrite(); // CONN-72
          delivered();
        },
      },
      backlog,
    );
    this.#backlog.push();
  }

  /** False if the person has since left the message's room or blocked its author. */
  #wants(message: Message): boolean {
    const room = this.#rooms.get(message.room);
    return room !== undefined && !this.#filter.hidesNew(message, room.direct); // CONN-40 CONN-49
  }

  /** Loads one room's backlog after the number `delivered`. Subscribes to the room, whose events wait until `start`. */
  #backlogOf({ room, direct, since }: JoinedRoom, delivered: number): Promise<readonly BacklogMessage[]> {
    const { services } = this.#context;
    const { world } = services;
    return world.useRooms([room], async () => {
      if (this.#closed || !world.rooms.isIn(this.person, room)) return []; // CONN-49 CONN-55
      const { number } = (this.#rooms.get(room) ?? this.#subscribe(room, direct)).from; // CONN-49
      const after = Math.max(delivered, since ?? number);
      const history = room === world.lobby ? this.options.history : 0;
      const count = Math.max(history, Math.min(services.backlog.messages, number - after)); // CONN-44
      const messages = count > 0 ? (await world.history.page(room, number + 1, count)).messages : [];
      const times = plausibleTimes(messages.map(({ serverTime }) => serverTime));
      const oldest = services.cautiousTime() - services.backlog.days * DAY_MS; // CONN-101
      const isOld = (index: number) => (times[index]?.latest ?? 0) < oldest; // CONN-100
      const isWanted = (message: Message, index: number) =>
        message.number > number - history || (message.number > after && !isOld(index)); // CONN-44
      const conversation = world.history.conversation(room);
      const receiver = this.receiverOf(direct);
      return messages
        .filter((message, index) => isWanted(message, index) && !this.#filter.hidesNew(message, direct))
        .map((message): BacklogMessage => ({ message, conversation, receiver }));
    });
  }

  #receiverFor(viewer: PersonId | null): SubscriptionReceiver {
    return new SubscriptionReceiver(this.#context, this.#context.variantFor(viewer), (event) => this.#hides(event));
  }

  #delivers({ room, direct }: Pick<JoinedRoom, 'room' | 'direct'>): boolean {
    if (this.options.rooms === 'none') return false; // CONN-76
    if (direct) return this.options.direct !== null;
    return this.options.rooms === 'all' || room === this.#context.services.world.lobby;
  }

  /** Nothing needs proof in a room of which the backlog has no message. */
  #start(room: RoomId, { cursor, from, firstNumber }: RoomSubscription): void {
    if (firstNumber > from.number) this.arrived(room, from.number); // CONN-43
    cursor.start(from.position, from.number);
  }

  /** Subscribes to a room from its present head, or from `from`; its events wait until `start`. */
  #subscribe(
    room: RoomId,
    direct: boolean,
    from: RoomHead = this.#context.services.world.rooms.head(room),
  ): RoomSubscription {
    const cursor = this.#context.services.openCursor(room, this.receiverOf(direct), direct);
    const subscription = { cursor, direct, from, firstNumber: from.number + 1, proved: 0 };
    this.#rooms.set(room, subscription);
    return subscription;
  }
}
