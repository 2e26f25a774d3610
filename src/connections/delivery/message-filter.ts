import type { TypingEvent } from '../../core/model/events.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Message } from '../../core/model/message.ts';
import type { ConnectionServices } from '../services.ts';
import type { SubscriptionOptions } from '../session/session-api.ts';

/** How many messages of each kind are remembered. */
const KEPT = 1_000;

/** Decides which messages, and whose typing, one connection leaves out: hidden ones, its own, and changes of messages that it left out. */
export class MessageFilter {
  readonly #services: ConnectionServices;
  readonly #person: PersonId;
  readonly #options: SubscriptionOptions;
  readonly #showsChangesAsMessages: boolean;
  /** Message versions sent on this connection, if only the person's other connections deliver them. */
  #sent: Set<string> | null = null;
  /** Messages that the person said on this connection, if changes are messages of their own. */
  #said: Set<string> | null = null;
  /** Messages that this connection left out, if changes are messages of their own. */
  #hidden: Set<string> | null = null;

  constructor(
    services: ConnectionServices,
    person: PersonId,
    options: SubscriptionOptions,
    showsChangesAsMessages: boolean,
  ) {
    this.#services = services;
    this.#person = person;
    this.#options = options;
    this.#showsChangesAsMessages = showsChangesAsMessages;
  }

  /** The person sent or changed this message on this connection. */
  sent(message: Message): void {
    if (this.#options.ownMessages === 'all' && this.#options.direct === 'all') return;
    this.#sent = remember(this.#sent, versionOf(message));
    const isNew = message.edits.length === 0 && message.deletedAt === null;
    if (isNew && this.#showsChangesAsMessages) this.#said = remember(this.#said, message.id); // CONN-92
  }

  hidesNew(message: Message, isDirect: boolean): boolean {
    const isHidden = this.#isHidden(message, isDirect); // CONN-40
    if (!this.#showsChangesAsMessages) return isHidden;
    if (isHidden) this.#hidden = remember(this.#hidden, message.id); // CONN-42
    if (!isHidden) this.#hidden?.delete(message.id);
    return isHidden;
  }

  /** `firstNumber` is the first message of the room that this connection delivered. */
  hidesChange(message: Message, isDirect: boolean, firstNumber: number): boolean {
    if (this.#said?.has(message.id) === true) return this.#hidesOwnChange(message, isDirect); // CONN-92
    const isHidden = this.#isHidden(message, isDirect); // CONN-40
    if (!this.#showsChangesAsMessages) return isHidden;
    return isHidden || message.number < firstNumber || this.#hidden?.has(message.id) === true; // CONN-42
  }

  /** Typing is for those who may read what the person writes, and for nobody's own connections. */
  hidesTyping({ person, room }: TypingEvent): boolean {
    const { people, rooms } = this.#services.world;
    if (person.id === this.#person || people.blocksOf(this.#person).has(person.id)) return true; // CONN-141
    return !rooms.isIn(this.#person, room); // CONN-141
  }

  /** A change of a message that was said here is hidden if it was made here too, or if this protocol cannot show it. */
  #hidesOwnChange(message: Message, isDirect: boolean): boolean {
    const own = isDirect ? this.#options.direct : this.#options.ownMessages;
    return own === 'none' || (own !== 'all' && this.#sent?.has(versionOf(message)) === true); // CONN-92
  }

  #isHidden(message: Message, isDirect: boolean): boolean {
    if (message.author.id !== this.#person) return this.#services.world.history.isHidden(this.#person, message); // CONN-40
    const own = isDirect ? this.#options.direct : this.#options.ownMessages;
    if (own === 'none' || own === 'changes') return true; // CONN-40
    return own === 'others' && this.#sent?.has(versionOf(message)) === true; // CONN-40
  }
}

/** Adds an item and drops the oldest ones over the limit. */
function remember(before: Set<string> | null, one: string): Set<string> {
  const kept = before ?? new Set<string>();
  kept.add(one);
  for (const oldest of kept) {
    if (kept.size <= KEPT) break;
    kept.delete(oldest);
  }
  return kept;
}

/** A key of one version of a message. */
function versionOf({ id, edits, deletedAt }: Message): string {
  return `${id} ${edits.length} ${deletedAt}`;
}
