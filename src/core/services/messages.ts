import { err, ok, type Result } from '../../lib/result.ts';
import { sha256 } from '../../lib/sha256.ts';
import { decideBeginDirect } from '../commands/begin-direct.ts';
import { decideDeleteMessage } from '../commands/delete-message.ts';
import { decideEditMessage, type ExpectedMessage } from '../commands/edit-message.ts';
import { decidePostMessage } from '../commands/post-message.ts';
import { type Actor, type Decide, type PersonActor, refuse } from '../engine/decide.ts';
import type { OnceOnly } from '../engine/queue.ts';
import { messageIdOf, type PersonId, personStream, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { Font, Message, MessageAddress } from '../model/message.ts';
import type { Person } from '../model/person.ts';
import type { Refusal } from '../model/refusals.ts';
import { parseText } from '../text/text.ts';
import type { Done, ServiceContext } from './context.ts';
import type { Quotes } from './quotes.ts';
import type { People } from './people.ts';

/** A message to be posted. The same `nonce` within 24 hours posts it once (WORLD-85). */
export type Post = {
  readonly text: string;
  readonly clientTime: number | null;
  readonly font?: Font;
  /** The number of the message in the same room that this one answers. */
  readonly replyTo?: number;
  /** By which way it comes: a short word that only connections understand. */
  readonly via?: string;
  /** The address of a file that the person uploaded and that no message names yet. */
  readonly file?: string;
  readonly nonce?: string;
};

/** The posted message. It is `delivered` if it is not withheld and a connection of the other person shows directs now. */
export type PostResult = { readonly message: Message; readonly delivered: boolean };

/** What an edit may change or expect besides the text. */
type EditOptions = { readonly font?: Font; readonly expected?: ExpectedMessage };

type MessagePlace = Exclude<MessageAddress, string>;

/** A message as it was when its room's stream was at `position`. */
type FoundMessage = { readonly message: Message; readonly position: number };

const NONCE_MS = 24 * 60 * 60 * 1_000;
const READ_TRIES = 100;

export class Messages {
  readonly #context: ServiceContext;
  readonly #people: People;
  readonly #quotes: Quotes;

  constructor(context: ServiceContext, people: People, quotes: Quotes) {
    this.#context = context;
    this.#people = people;
    this.#quotes = quotes;
  }

  /** Posts in a room that the person is in. An answer waits until what it answers is read: post nothing else meanwhile. */
  post(person: PersonId, room: RoomId, post: Post, done: Done<Message>): void {
    if (post.replyTo === undefined) return this.#postNow(person, room, post, done);
    this.#quotes.prepare(room, post.replyTo).then(
      () => this.#postNow(person, room, post, done),
      () => done(err({ type: 'unavailable' })),
    ); // WORLD-170
  }

  #postNow(person: PersonId, room: RoomId, post: Post, done: Done<Message>): void {
    const { cache } = this.#context;
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const state = cache.has([personStream(person)]) ? cache.optimistic.person(person) : undefined;
    const other = state?.rooms.get(room)?.other ?? null;
    const isGone = other !== null && this.#people.account(other) === undefined && !this.#people.acceptsDirect(other);
    if (isGone) return done(err({ type: 'unreachable' })); // WORLD-82
    this.#post(actor, room, other === null ? [] : [other], post, done);
  }

  /**
   * Posts to one other person. `ordered` is called as soon as this message has its place. Until then the caller must post
   * nothing else of the same author (WORLD-81).
   */
  direct(person: PersonId, to: string, post: Post, ordered: () => void, done: Done<PostResult>): void {
    const refused = (refusal: Refusal) => {
      ordered();
      done(err(refusal));
    };
    const actor = this.#context.actor(person);
    const other = this.#people.find(to);
    const refusal = this.#refusalOf(actor, other);
    if (actor === undefined || other === undefined || refusal !== null)
      return refused(refusal ?? { type: 'not-found' });
    const send = (room: RoomId) => {
      this.#post(actor, room, [other.id], post, (result) => done(this.#delivered(result, other.id)));
      ordered(); // WORLD-81
    };
    this.#withDirectRoom(actor.person, other, send, refused);
  }

  /** The direct of two people, made if there is none; refused as a message to the other would be. */
  directWith(person: PersonId, id: PersonId, done: Done<RoomId>): void {
    const actor = this.#context.actor(person);
    const view = this.#people.view(id);
    const other = view && { id, name: view.name };
    const refusal = this.#refusalOf(actor, other);
    if (actor === undefined || other === undefined || refusal !== null)
      return done(err(refusal ?? { type: 'not-found' }));
    const found = (room: RoomId) => done(ok(room));
    this.#withDirectRoom(actor.person, other, found, (reason) => done(err(reason))); // WORLD-134
  }

  /** Changes the text of the person's own message. */
  edit(person: PersonId, address: MessageAddress, text: string, done: Done<Message>, options: EditOptions = {}): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    this.#change(address, done, (found) =>
      this.#context.requirePresent(person, (states, input) => {
        const command = { type: 'edit-message', actor, found, text, ...options } as const;
        return decideEditMessage(states, command, input);
      }),
    );
  }

  delete(actor: Actor, address: MessageAddress, done: Done<Message>): void {
    this.#change(
      address,
      done,
      (found) => (states, input) => decideDeleteMessage(states, { type: 'delete-message', actor, found }, input),
    );
  }

  /** The direct of two people, undefined if there is none; null if the first person is not in memory. */
  directOf(person: PersonId, other: PersonId): RoomId | undefined | null {
    const { cache } = this.#context;
    return cache.has([personStream(person)]) ? cache.optimistic.person(person).directs.get(other) : null;
  }

  /** Why a person may not write to another one; null if that is possible. */
  #refusalOf(actor: PersonActor | undefined, other: Person | undefined): Refusal | null {
    if (actor === undefined) return { type: 'not-allowed' }; // WORLD-20
    if (other === undefined) return { type: 'not-found' }; // WORLD-82
    if (other.id === actor.person.id) return { type: 'yourself' }; // WORLD-82
    const isGuest = this.#people.account(other.id) === undefined;
    return isGuest && !this.#people.acceptsDirect(other.id) ? { type: 'unreachable' } : null; // WORLD-82
  }

  #post(actor: PersonActor, room: RoomId, others: readonly PersonId[], post: Post, done: Done<Message>): void {
    const { nonce, via, ...content } = post;
    const command = { type: 'post-message', actor, room, ...content, ...(via !== undefined && { via }) } as const;
    const own = post.file === undefined ? [] : [personStream(actor.person.id)];
    this.#context.submit(
      [roomStream(room), ...others.map(personStream), ...own],
      this.#context.requirePresent(actor.person.id, (states, input) => decidePostMessage(states, command, input)),
      done,
      nonce === undefined ? undefined : this.#once(actor.person, nonce, room, content, done),
    );
  }

  /** The result contains neither text nor file: the message may be deleted while the result is still stored (WORLD-18). */
  #once(
    { id }: Person,
    nonce: string,
    room: RoomId,
    content: Omit<Post, 'nonce' | 'via'>,
    repeated: Done<Message>,
  ): OnceOnly<Message> {
    const text = parseText(content.text);
    const digest = sha256(JSON.stringify([room, content]));
    return {
      scope: `post/${id}`,
      key: nonce,
      digest,
      expires: this.#context.clock.now() + NONCE_MS, // WORLD-85
      write: ({ text: _text, file: _file, ...message }) => JSON.stringify(message),
      repeated: (first, result) => {
        if (first !== digest) return repeated(err({ type: 'nonce-used' })); // WORLD-85
        repeated(ok({ ...(JSON.parse(result) as Message), text: text.ok ? text.value : '' })); // WORLD-18
      },
    };
  }

  #delivered(result: Result<Message, Refusal>, to: PersonId): Result<PostResult, Refusal> {
    if (!result.ok) return result;
    const message = result.value;
    return ok({ message, delivered: message.withheld !== true && this.#people.acceptsDirect(to) }); // WORLD-83 WORLD-84
  }

  /** Calls `then` with the direct of two people, at once if it is in memory; makes the direct if there is none. */
  #withDirectRoom(
    person: Person,
    other: Person,
    then: (room: RoomId) => void,
    refused: (refusal: Refusal) => void,
  ): void {
    const { cache, ids } = this.#context;
    const retry = () => this.#withDirectRoom(person, other, then, refused);
    const load = (streams: readonly StreamId[]) =>
      void cache.use(streams, retry).catch(() => refused({ type: 'unavailable' }));
    const streams = [personStream(person.id), personStream(other.id)];
    if (!cache.has(streams)) return load(streams);
    const direct = this.directOf(person.id, other.id);
    if (direct != null) return cache.has([roomStream(direct)]) ? then(direct) : load([...streams, roomStream(direct)]);
    const room = ids.integer();
    const command = { type: 'begin-direct', people: [person, other], room } as const;
    this.#context.submit<RoomId>(
      [...streams, roomStream(room)],
      (states, input) => decideBeginDirect(states, command, input),
      (result) => (result.ok ? retry() : refused(result.error)),
    );
  }

  /** Reads a message, then decides. If the message may have changed since it was read, both are done again (WORLD-09). */
  #change<T>(address: MessageAddress, done: Done<T>, decide: (found: Message) => Decide<T>, tries = READ_TRIES): void {
    const { cache } = this.#context;
    const submit = ({ message, position }: FoundMessage) => {
      let isOutdated = false;
      this.#context.submit<T>(
        [roomStream(message.room)],
        (states, input) => {
          isOutdated = states.room(message.room).evictedThrough > position;
          return isOutdated ? refuse({ type: 'unavailable' }) : decide(message)(states, input); // WORLD-09
        },
        (result) => (isOutdated && tries > 1 ? this.#change(address, done, decide, tries - 1) : done(result)),
      );
    };
    const find = async () => {
      const place = await this.#placeOf(address);
      if (place === null) return false;
      return cache.use([roomStream(place.room)], async () => {
        const found = await this.#read(place);
        if (found !== null) submit(found);
        return found !== null;
      });
    };
    find().then(
      (isFound) => isFound || done(err({ type: 'not-found' })), // WORLD-15
      () => done(err({ type: 'unavailable' })),
    );
  }

  /** The room and the number of a message; null where the id is unknown. Rejects when storage is unavailable. */
  #placeOf(address: MessageAddress): Promise<MessagePlace | null> {
    if (typeof address === 'object') return Promise.resolve(address); // WORLD-166
    return this.#context.storage.message(messageIdOf(address)); // WORLD-99
  }

  /**
   * Reads a message. The state of its room has every later change of it. Null if it is gone; rejects when storage is
   * unavailable.
   */
  async #read({ room, number }: MessagePlace): Promise<FoundMessage | null> {
    const { storage, cache } = this.#context;
    for (let tries = 0; tries < READ_TRIES; tries++) {
      const { position, messages } = await storage.page(room, number + 1, 1);
      const message = messages[0];
      if (message?.number !== number) return null; // WORLD-166
      if (position >= cache.evictedThrough(room)) return { message, position }; // WORLD-09
    }
    throw new Error('a message changes faster than it can be read');
  }
}
