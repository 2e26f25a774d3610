import { BoundedMap } from '../../lib/bounded-map.ts';
import type { RoomId } from '../model/ids.ts';
import type { Message, ShownMessage } from '../model/message.ts';
import type { ServiceContext } from './context.ts';

/** So many characters of an answered message are quoted. */
const QUOTED = 80;
const KEPT = 1_000;

/** The quote of an old message, and how many answers to it are about to be posted. */
type Prepared = { readonly quote: string; answers: number };

/** Finds the beginnings of the messages that others answer, for protocols that can show an answer only as text (WORLD-170). */
export class Quotes {
  readonly #context: ServiceContext;
  /** Kept until the answers are posted, and no longer: the message may be deleted. */
  readonly #prepared = new BoundedMap<Prepared>(KEPT);

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Reads the message that is about to be answered, if it is an old one. It rejects if storage is unavailable. */
  async prepare(room: RoomId, number: number): Promise<void> {
    if (this.#recent(room, number) !== undefined) return;
    const quote = await this.#read(room, number);
    const key = `${room}/${number}`;
    this.#prepared.set(key, { quote, answers: (this.#prepared.get(key)?.answers ?? 0) + 1 });
  }

  /** A message of an event with its quote, as far as that is known without reading. */
  shown(message: Message): ShownMessage {
    const { room, replyTo } = message;
    if (replyTo === undefined) return message;
    const recent = this.#recent(room, replyTo);
    return quoting(message, recent === undefined ? this.#take(`${room}/${replyTo}`) : quoteOf(recent)); // WORLD-170
  }

  /** Messages with their quotes; rejects if storage is unavailable. */
  async load(messages: readonly Message[]): Promise<readonly ShownMessage[]> {
    const quotes = new Map<string, string>();
    for (const { room, replyTo } of messages) {
      const key = `${room}/${replyTo}`;
      if (replyTo === undefined || quotes.has(key)) continue;
      const recent = this.#recent(room, replyTo);
      quotes.set(key, recent === undefined ? await this.#read(room, replyTo) : quoteOf(recent)); // WORLD-170
    }
    return messages.map((message) => quoting(message, quotes.get(`${message.room}/${message.replyTo}`) ?? ''));
  }

  #take(key: string): string {
    const prepared = this.#prepared.get(key);
    if (prepared === undefined) return '';
    prepared.answers -= 1;
    if (prepared.answers === 0) this.#prepared.delete(key);
    return prepared.quote;
  }

  async #read(room: RoomId, number: number): Promise<string> {
    const { messages } = await this.#context.storage.page(room, number + 1, 1);
    return messages[0]?.number === number ? quoteOf(messages[0]) : '';
  }

  #recent(room: RoomId, number: number): Message | undefined {
    for (const { message } of this.#context.room(room)?.recent ?? []) if (message.number === number) return message;
    return undefined;
  }
}

/** The first line of a message, cut. Of a deleted one nothing is quoted, nor of one that somebody is not shown. */
function quoteOf({ text, deletedAt, withheld }: Message): string {
  if (deletedAt !== null || withheld === true) return ''; // WORLD-170
  const [line = ''] = text.split('\n', 1);
  const characters = [...line];
  return characters.length > QUOTED ? `${characters.slice(0, QUOTED).join('')}…` : line;
}

function quoting(message: Message, quote: string): ShownMessage {
  return quote === '' ? message : { ...message, quote };
}
