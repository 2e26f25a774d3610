import { err, ok, type Result } from '../lib/result.ts';
import { sha256 } from '../lib/sha256.ts';
import { decideBeginDirect } from './commands/begin-direct.ts';
import { decideDeleteMessage } from './commands/delete-message.ts';
import { decideEditMessage } from './commands/edit-message.ts';
import { decidePostMessage } from './commands/post-message.ts';
import { type Actor, type Context, type PersonActor, refuse } from './decide.ts';
import { type Doors, type Done, whileHere } from './doors.ts';
import type { Person } from './events.ts';
import { findMessage } from './find.ts';
import { type MessageId, type PersonId, personStream, type RoomId, roomStream, type StreamId } from './ids.ts';
import type { Font, Message } from './message.ts';
import type { People } from './people.ts';
import type { Refusal } from './refusals.ts';
import type { States } from './states.ts';
import { parseText } from './text.ts';
import type { Decision, OnceFor } from './work.ts';

/** What somebody says. The same `nonce` within 24 hours says it once (WORLD-85). */
export type Post = {
  readonly text: string;
  readonly clientTime: number | null;
  readonly font?: Font;
  readonly nonce?: string;
};

/** What was said, and whether the one it was said to was shown it or will be. */
export type Said = { readonly message: Message; readonly delivered: boolean };

const NONCE_MS = 24 * 60 * 60 * 1_000;

/** Saying things, changing them and taking them back. */
export class Messages {
  readonly #doors: Doors;
  readonly #people: People;

  constructor(doors: Doors, people: People) {
    this.#doors = doors;
    this.#people = people;
  }

  /** Posts in a room that one is in. */
  post(person: PersonId, room: RoomId, post: Post, done: Done<Message>): void {
    const actor = this.#doors.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const other =
      this.#doors.ledger
        .peek([personStream(person)])
        ?.person(person)
        .rooms.get(room)?.other ?? null;
    this.#post(actor, room, other === null ? [] : [other], post, done);
  }

  /**
   * Posts to one other person. `ordered` is called once nothing that is said later can come before this: until then
   * nothing else of the same author may be sent on its way (WORLD-81).
   */
  direct(person: PersonId, to: string, post: Post, ordered: () => void, done: Done<Said>): void {
    const refused = (refusal: Refusal) => {
      ordered();
      done(err(refusal));
    };
    const actor = this.#doors.actor(person);
    if (actor === undefined) return refused({ type: 'not-allowed' }); // WORLD-20
    const other = this.#people.find(to);
    if (other === undefined) return refused({ type: 'not-found' }); // WORLD-82
    if (other.id === person) return refused({ type: 'yourself' }); // WORLD-82
    const isGuest = this.#people.account(other.id) === undefined;
    if (isGuest && !this.#people.isReachable(other.id)) return refused({ type: 'unreachable' }); // WORLD-82
    const send = (room: RoomId) => {
      this.#post(actor, room, [other.id], post, (result) => {
        this.#doors.letGo(other.id);
        done(this.#delivered(result, other.id));
      });
      ordered(); // WORLD-81
    };
    this.#withRoomOf(actor.person, other, send, refused);
  }

  edit(person: PersonId, id: MessageId, text: string, done: Done<Message>, font?: Font): void {
    const actor = this.#doors.actor(person);
    if (actor === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    this.#withMessage(id, done, (found) =>
      whileHere(this.#doors, person, (states, context) => {
        const command = { type: 'edit-message', actor, found, text, ...(font && { font }) } as const;
        return decideEditMessage(states, command, context);
      }),
    );
  }

  delete(actor: Actor, id: MessageId, done: Done<Message>): void {
    this.#withMessage(
      id,
      done,
      (found) => (states, context) => decideDeleteMessage(states, { type: 'delete-message', actor, found }, context),
    );
  }

  /** The conversation of two people, if there is one; null while that is not known. */
  directOf(person: PersonId, other: PersonId): RoomId | undefined | null {
    const states = this.#doors.ledger.peek([personStream(person)]);
    return states === null ? null : states.person(person).directs.get(other);
  }

  #post(actor: PersonActor, room: RoomId, others: readonly PersonId[], post: Post, done: Done<Message>): void {
    const { nonce, ...said } = post;
    const command = { type: 'post-message', actor, room, ...said } as const;
    this.#doors.submit(
      [roomStream(room), ...others.map(personStream)],
      whileHere(this.#doors, actor.person.id, (states, context) => decidePostMessage(states, command, context)),
      done,
      nonce === undefined ? undefined : this.#once(actor.person, nonce, room, said),
    );
  }

  /** The words are in neither the digest nor the result: they may be deleted before this is forgotten (WORLD-18). */
  #once({ id }: Person, nonce: string, room: RoomId, said: Omit<Post, 'nonce'>): OnceFor<Message> {
    const text = parseText(said.text);
    return {
      scope: `post/${id}`,
      key: nonce,
      digest: sha256(JSON.stringify([room, said])),
      expires: this.#doors.clock.now() + NONCE_MS, // WORLD-85
      write: ({ text: _text, ...message }) => JSON.stringify(message),
      read: (result) => ({ ...(JSON.parse(result) as Message), text: text.ok ? text.value : '' }), // WORLD-18
    };
  }

  #delivered(result: Result<Message, Refusal>, to: PersonId): Result<Said, Refusal> {
    if (!result.ok) return result;
    const message = result.value;
    return ok({ message, delivered: message.withheld !== true && this.#people.isReachable(to) }); // WORLD-83 WORLD-84
  }

  /** Finds the conversation of two, at once if it is known, and makes it where there is none. */
  #withRoomOf(person: Person, other: Person, then: (room: RoomId) => void, refused: (refusal: Refusal) => void): void {
    const { ledger, ids } = this.#doors;
    const again = () => this.#withRoomOf(person, other, then, refused);
    const load = (streams: readonly StreamId[]) =>
      void Promise.all(streams.map((stream) => ledger.load(stream))).then(again, () =>
        refused({ type: 'unavailable' }),
      );
    const streams = [personStream(person.id), personStream(other.id)];
    const states = ledger.peek(streams);
    if (states === null) return load(streams);
    const known = states.person(person.id).directs.get(other.id);
    if (known !== undefined) return ledger.peek([roomStream(known)]) === null ? load([roomStream(known)]) : then(known);
    const room = ids.integer();
    const command = { type: 'begin-direct', people: [person, other], room } as const;
    this.#doors.submit<RoomId>(
      [...streams, roomStream(room)],
      (decided, context) => decideBeginDirect(decided, command, context),
      (result) => (result.ok ? again() : refused(result.error)),
    );
  }

  /** Finds a message, and decides about it in the same step as it is known to be found as it stands (WORLD-09). */
  #withMessage<T>(
    id: MessageId,
    done: Done<T>,
    decide: (found: Message) => (states: States, at: Context) => Decision<T>,
  ): void {
    findMessage(this.#doors.storage, this.#doors.ledger, id).then(
      (found) => {
        if (found === null) return done(err({ type: 'not-found' })); // WORLD-15
        const { message, position } = found;
        this.#doors.submit(
          [roomStream(message.room)],
          (states, at) =>
            states.room(message.room).forgotten > position
              ? refuse({ type: 'unavailable' })
              : decide(message)(states, at), // WORLD-09
          (result) => {
            done(result);
            this.#doors.known.letGo(message.room); // WORLD-64
          },
        );
      },
      () => done(err({ type: 'unavailable' })),
    );
  }
}
