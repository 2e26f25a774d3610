import { err, ok, type Result } from '../../lib/result.ts';
import { refusalToPost } from '../commands/post-message.ts';
import type { TypingReport } from '../model/bus-message.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import { isVisible } from '../presence/presence.ts';
import type { RoomState } from '../state/room.ts';
import type { Done, ServiceContext } from './context.ts';
import type { History } from './history.ts';

/** Who types where. The world passes it on and keeps nothing of it: whoever is shown it forgets it after a while. */
export class Typing {
  readonly #context: ServiceContext;
  readonly #history: History;

  constructor(context: ServiceContext, history: History) {
    this.#context = context;
    this.#history = history;
  }

  /** Shows that the person types in a room, or has stopped; refused as a message there would be. To be repeated while it lasts. */
  show(person: PersonId, room: RoomId, isTyping: boolean, done: Done<void>): void {
    const { cache, cluster, processor } = this.#context;
    if (cluster.isStopping) return done(err({ type: 'stopping' })); // WORLD-50
    if (this.#context.actor(person) === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const publish = () => {
      let result: Result<void, Refusal> = ok(undefined);
      return new Promise<void>((ended) =>
        processor.enqueueEphemeral(
          () => {
            result = this.#publish(person, room, isTyping); // WORLD-191
          },
          () => {
            done(result);
            ended();
          },
        ),
      );
    };
    cache.use([roomStream(room)], publish).catch(() => done(err({ type: 'unavailable' })));
  }

  /** Another node tells that a person types. Where the room is not in memory, nobody is shown it. */
  reported({ person, room, position, isTyping }: TypingReport): void {
    const { engine, processor } = this.#context;
    const show = () => {
      const state = this.#context.room(room);
      if (state === undefined || hasPostedSince(state, person, position)) return; // WORLD-195
      if (this.#refusal(person, state) === null) this.#add(person, room, isTyping); // WORLD-194
    };
    engine.remote.whenReached(roomStream(room), position, (isReached) => {
      if (isReached) processor.enqueueEphemeral(show); // WORLD-195
    });
  }

  #publish(person: PersonId, room: RoomId, isTyping: boolean): Result<void, Refusal> {
    const state = this.#context.room(room);
    if (state === undefined) return err({ type: 'unavailable' });
    const refusal = this.#refusal(person, state);
    if (refusal !== null) return err(refusal); // WORLD-192
    if (this.#add(person, room, isTyping))
      this.#context.engine.bus.announceTyping({ person, room, position: state.position, isTyping }); // WORLD-194
    return ok(undefined);
  }

  #refusal(person: PersonId, state: RoomState): Refusal | null {
    const actor = this.#context.actor(person);
    if (actor === undefined) return { type: 'not-allowed' }; // WORLD-20
    return refusalToPost(state, actor, { now: this.#context.clock.now(), lobby: this.#context.lobby }); // WORLD-192
  }

  /** Adds the event to the batch, unless the person is invisible; returns whether it did. */
  #add(person: PersonId, room: RoomId, isTyping: boolean): boolean {
    const record = this.#context.presence.get(person);
    if (record === undefined || !isVisible(record)) return false; // WORLD-193
    const conversation = this.#history.conversation(room);
    const author = { id: person, name: record.name };
    this.#context.engine.published.add({ type: 'person-typing', room, conversation, person: author, isTyping }); // WORLD-190
    return true;
  }
}

/** Whether the person posted in the room after this position, as far as the latest changes tell. */
function hasPostedSince(room: RoomState, person: PersonId, position: number): boolean {
  if (room.position <= position) return false;
  return [...room.recent].some(({ message }) => message.author.id === person && message.position > position);
}
