import { type Decide, unchanged } from '../engine/decide.ts';
import type { OnceOnly } from '../engine/queue.ts';
import type { StreamId } from '../model/ids.ts';
import type { NameReservations } from '../presence/name-reservations.ts';
import { type AccountRules, Accounts } from './accounts.ts';
import { type Done, ServiceContext } from './context.ts';
import { Invitations } from './invitations.ts';
import { Messages } from './messages.ts';
import type { People } from './people.ts';
import type { Quotes } from './quotes.ts';
import { Relationships } from './relationships.ts';
import { RoomManagement } from './room-management.ts';
import { Rooms } from './rooms.ts';

/** The services whose commands may be sent again. */
export interface CommandServices {
  readonly messages: Messages;
  readonly rooms: Rooms;
  readonly management: RoomManagement;
  readonly invitations: Invitations;
  readonly relationships: Relationships;
  readonly accounts: Accounts;
  /** Does nothing but, if the command may be sent again, keep that it was done: for one that storage knows nothing of. */
  note(done: Done<null>): void;
}

/** What those services need besides their context. */
type Parts = {
  readonly people: People;
  readonly quotes: Quotes;
  readonly reservations: NameReservations;
  readonly rules: AccountRules;
};

/** The context for services that run one command which may be sent again: its result is kept in the same commit (WORLD-210). */
export class OnceContext extends ServiceContext {
  readonly #once: OnceOnly;

  constructor(base: ServiceContext, once: OnceOnly) {
    super(base, base.engine, base.cluster);
    this.lobby = base.lobby;
    this.#once = once;
  }

  override submit<T>(streams: readonly StreamId[], decide: Decide<T>, done: Done<T>): void {
    super.submit(streams, decide, done, this.#once); // WORLD-210
  }
}

/** The services for one such command; only the one that it needs is made. */
export class OnceServices implements CommandServices {
  readonly #context: OnceContext;
  readonly #parts: Parts;

  constructor(context: OnceContext, parts: Parts) {
    this.#context = context;
    this.#parts = parts;
  }

  get messages(): Messages {
    return new Messages(this.#context, this.#parts.people, this.#parts.quotes);
  }

  get rooms(): Rooms {
    return new Rooms(this.#context, this.#parts.reservations);
  }

  get management(): RoomManagement {
    return new RoomManagement(this.#context);
  }

  get invitations(): Invitations {
    return new Invitations(this.#context, this.rooms);
  }

  get relationships(): Relationships {
    return new Relationships(this.#context, this.#parts.people);
  }

  get accounts(): Accounts {
    return new Accounts(this.#context, this.#parts.reservations, this.#parts.rules);
  }

  note(done: Done<null>): void {
    this.#context.submit([], () => unchanged(null), done); // WORLD-211
  }
}
