import { err, ok, type Result } from '../../lib/result.ts';
import { sha256 } from '../../lib/sha256.ts';
import { decideBeginDirect } from '../commands/begin-direct.ts';
import { decideDeleteMessage } from '../commands/delete-message.ts';
import { decideEditMessage } from '../commands/edit-message.ts';
import { decidePostMessage } from '../commands/post-message.ts';
import { type Actor, type DecisionInput, type PersonActor, refuse } from '../engine/decide.ts';
import { type ServiceContext, type Done, requirePresent } from './context.ts';
import type { Person } from '../model/events.ts';
import { findMessage } from './find-message.ts';
import { type MessageId, type PersonId, personStream, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { Font, Message } from '../model/message.ts';
import type { People } from './people.ts';
import type { Refusal } from '../model/refusals.ts';
import type { States } from '../state/states.ts';
import { parseText } from '../text/text.ts';
import type { Decision, OnceOnly } from '../engine/pending-command.ts';

/** What somebody says. The same `nonce` within 24 hours says it once (WORLD-85). */
export type Post = {
  readonly text: string;
  readonly clientTime: number | null;
  readonly font?: Font;
  readonly nonce?: string;
};

/** What was said, and whether the one it was said to was shown it or will be. */
export type PostResult = { readonly message: Message; readonly delivered: boolean };

const NONCE_MS = 24 * 60 * 60 * 1_000;

/** Saying things, changing them and taking them back. */
export class Messages {
  readonly #context: ServiceContext;
  readonly #people: People;

  constructor(context: ServiceContext, people: People) {
    this.#context = context;
    this.#people = people;
  }

  /** Posts in a room that one is in. */
  post(person: PersonId, room: RoomId, post: Post, done: Done<Message>): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const other =
      this.#context.processor
        .optimisticState([personStream(person)])
        ?.person(person)
        .rooms.get(room)?.other ?? null;
    this.#post(actor, room, other === null ? [] : [other], post, done);
  }

  /**
   * Posts to one other person. `ordered` is called once nothing that is said later can come before this: until then
   * nothing else of the same author may be sent on its way (WORLD-81).
   */
  direct(person: PersonId, to: string, post: Post, ordered: () => void, done: Done<PostResult>): void {
    const refused = (refusal: Refusal) => {
      ordered();
      done(err(refusal));
    };
    const actor = this.#context.actor(person);
    if (actor === undefined) return refused({ type: 'not-allowed' }); // WORLD-20
    const other = this.#people.find(to);
    if (other === undefined) return refused({ type: 'not-found' }); // WORLD-82
    if (other.id === person) return refused({ type: 'yourself' }); // WORLD-82
    const isGuest = this.#people.account(other.id) === undefined;
    if (isGuest && !this.#people.acceptsDirect(other.id)) return refused({ type: 'unreachable' }); // WORLD-82
    const send = (room: RoomId) => {
      this.#post(actor, room, [other.id], post, (result) => {
        this.#context.letGo(other.id);
        done(this.#delivered(result, other.id));
      });
      ordered(); // WORLD-81
    };
    this.#withRoomOf(actor.person, other, send, refused);
  }

  edit(person: PersonId, id: MessageId, text: string, done: Done<Message>, font?: Font): void {
    const actor = this.#context.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    this.#withMessage(id, done, (found) =>
      requirePresent(this.#context, person, (states, input) => {
        const command = { type: 'edit-message', actor, found, text, ...(font && { font }) } as const;
        return decideEditMessage(states, command, input);
      }),
    );
  }

  delete(actor: Actor, id: MessageId, done: Done<Message>): void {
    this.#withMessage(
      id,
      done,
      (found) => (states, input) => decideDeleteMessage(states, { type: 'delete-message', actor, found }, input),
    );
  }

  /** The conversation of two people, if there is one; null while that is not known. */
  directOf(person: PersonId, other: PersonId): RoomId | undefined | null {
    const states = this.#context.processor.optimisticState([personStream(person)]);
    return states === null ? null : states.person(person).directs.get(other);
  }

  #post(actor: PersonActor, room: RoomId, others: readonly PersonId[], post: Post, done: Done<Message>): void {
    const { nonce, ...said } = post;
    const command = { type: 'post-message', actor, room, ...said } as const;
    this.#context.submit(
      [roomStream(room), ...others.map(personStream)],
      requirePresent(this.#context, actor.person.id, (states, input) => decidePostMessage(states, command, input)),
      done,
      nonce === undefined ? undefined : this.#once(actor.person, nonce, room, said),
    );
  }

  /** The words are in neither the digest nor the result: they may be deleted before this is forgotten (WORLD-18). */
  #once({ id }: Person, nonce: string, room: RoomId, said: Omit<Post, 'nonce'>): OnceOnly<Message> {
    const text = parseText(said.text);
    return {
      scope: `post/${id}`,
      key: nonce,
      digest: sha256(JSON.stringify([room, said])),
      expires: this.#context.clock.now() + NONCE_MS, // WORLD-85
      write: ({ text: _text, ...message }) => JSON.stringify(message),
      read: (result) => ({ ...(JSON.parse(result) as Message), text: text.ok ? text.value : '' }), // WORLD-18
    };
  }

  #delivered(result: Result<Message, Refusal>, to: PersonId): Result<PostResult, Refusal> {
    if (!result.ok) return result;
    const message = result.value;
    return ok({ message, delivered: message.withheld !== true && this.#people.acceptsDirect(to) }); // WORLD-83 WORLD-84
  }

  /** Finds the conversation of two, at once if it is known, and makes it where there is none. */
  #withRoomOf(person: Person, other: Person, then: (room: RoomId) => void, refused: (refusal: Refusal) => void): void {
    const { processor, ids } = this.#context;
    const again = () => this.#withRoomOf(person, other, then, refused);
    const load = (streams: readonly StreamId[]) =>
      void Promise.all(streams.map((stream) => processor.load(stream))).then(again, () =>
        refused({ type: 'unavailable' }),
      );
    const streams = [personStream(person.id), personStream(other.id)];
    const states = processor.optimisticState(streams);
    if (states === null) return load(streams);
    const known = states.person(person.id).directs.get(other.id);
    if (known !== undefined)
      return processor.optimisticState([roomStream(known)]) === null ? load([roomStream(known)]) : then(known);
    const room = ids.integer();
    const command = { type: 'begin-direct', people: [person, other], room } as const;
    this.#context.submit<RoomId>(
      [...streams, roomStream(room)],
      (decided, input) => decideBeginDirect(decided, command, input),
      (result) => (result.ok ? again() : refused(result.error)),
    );
  }

  /** Finds a message, and decides about it in the same step as it is known to be found as it stands (WORLD-09). */
  #withMessage<T>(
    id: MessageId,
    done: Done<T>,
    decide: (found: Message) => (states: States, at: DecisionInput) => Decision<T>,
  ): void {
    findMessage(this.#context.storage, this.#context.processor, id).then(
      (found) => {
        if (found === null) return done(err({ type: 'not-found' })); // WORLD-15
        const { message, position } = found;
        this.#context.submit(
          [roomStream(message.room)],
          (states, at) =>
            states.room(message.room).evictedThrough > position
              ? refuse({ type: 'unavailable' })
              : decide(message)(states, at), // WORLD-09
          (result) => {
            done(result);
            this.#context.known.letGo(message.room); // WORLD-64
          },
        );
      },
      () => done(err({ type: 'unavailable' })),
    );
  }
}
