import type { Done } from '../services/context.ts';
import { type PersonId, type RoomId, roomStream, type StreamId } from '../model/ids.ts';
import type { CommandProcessor } from './command-processor.ts';

/** What is needed to let go of what nobody needs. */
export type KnownHost = {
  readonly processor: Pick<CommandProcessor, 'forget'>;
  lobby(): RoomId;
  /** Lets go of a person who is not here. */
  forget(person: PersonId): void;
  /** Calls when all that came before is shown. */
  whenShown(then: () => void): void;
};

/** Which rooms stay in memory: the lobby, and those that are shown to somebody here. The rest is read when it is needed (WORLD-64). */
export class Known {
  readonly #host: KnownHost;
  readonly #held = new Set<RoomId>();

  constructor(host: KnownHost) {
    this.#host = host;
  }

  /** A room is shown to somebody here from now on. */
  hold(room: RoomId): void {
    this.#held.add(room);
  }

  /** Nobody here is shown the room any more. */
  release(room: RoomId): void {
    this.#held.delete(room);
    this.letGo(room);
  }

  /** The room was asked for, and need not stay known for that. */
  letGo(room: RoomId): void {
    if (room !== this.#host.lobby() && !this.#held.has(room)) this.#host.processor.forget(roomStream(room)); // WORLD-64
  }

  /** The same answer, after which the streams that were read for it are let go of. */
  only<T>(streams: readonly StreamId[], done: Done<T>): Done<T> {
    return (result) => {
      done(result);
      if (result.ok) this.#host.whenShown(() => this.#forget(streams));
      else this.#forget(streams);
    };
  }

  #forget(streams: readonly StreamId[]): void {
    for (const stream of streams) {
      const id = Number(stream.slice(stream.indexOf('/') + 1));
      if (stream.startsWith('person/')) this.#host.forget(id);
      else if (stream.startsWith('room/')) this.letGo(id);
    }
  }
}
