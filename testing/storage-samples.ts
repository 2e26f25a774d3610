import type { Entry, EntryBody } from '../src/core/entries.ts';
import { directoryStream, type RoomId, roomStream, type StreamId } from '../src/core/ids.ts';
import type { Message } from '../src/core/message.ts';
import type { AppendItem, Once, Snapshot, Storage } from '../src/core/ports.ts';
import { rowsOf } from '../src/core/rows.ts';
import type { SeededRandom } from './random.ts';

/** For tests: a message as it stands after it was posted; its id follows from room and number. */
export function message(room: RoomId, number: number, position: number, text: string): Message {
  return {
    id: `${room}-${number}`,
    room,
    number,
    position,
    author: { id: 7, name: 'Ada' },
    text,
    clientTime: null,
    serverTime: 1_000 + number,
    editedAt: null,
    deletedAt: null,
    edits: [],
  };
}

/** For tests: an item that appends these entries, each at the position it names, with the rows that follow from them. */
export function itemOf(entries: readonly Entry[], once?: Once): AppendItem {
  const byStream = Map.groupBy(entries, ({ stream }) => stream);
  const writes = [...byStream].map(([stream, own]) => ({
    stream,
    expected: (own[0]?.position ?? 1) - 1,
    entries: own.map(({ body }) => body),
  }));
  return { writes, rows: entries.flatMap(rowsOf), ...(once && { once }) };
}

/** For tests: an entry of a room in which nothing but messages happens, so that number and position are one. */
export function posted(room: RoomId, number: number, text = `message ${number}`): Entry {
  return inRoom(room, number, { type: 'message-posted', message: message(room, number, number, text), at: 5 });
}

export function edited(before: Message, position: number, text: string): Entry {
  const after = { ...before, text, editedAt: 9, edits: [...before.edits, position] };
  return inRoom(before.room, position, { type: 'message-edited', message: after, at: 9 });
}

export function deleted(before: Message, position: number): Entry {
  return inRoom(before.room, position, {
    type: 'message-deleted',
    message: { ...before, text: '', deletedAt: 9 },
    at: 9,
  });
}

export function inRoom(room: RoomId, position: number, body: EntryBody): Entry {
  return { stream: roomStream(room), position, body };
}

export function inDirectory(position: number, body: EntryBody): Entry {
  return { stream: directoryStream, position, body };
}

/** For tests: many entries of every kind, in two rooms and the directory, each an item that fits on the one before. */
export function history(random: SeededRandom, length: number): AppendItem[] {
  const heads = new Map<StreamId, number>();
  const messages = new Map<RoomId, Message[]>();

  function happening(): Entry {
    const room = 1 + random.below(2);
    const stream = random.below(4) === 0 ? directoryStream : roomStream(room);
    const position = (heads.get(stream) ?? 0) + 1;
    heads.set(stream, position);
    const skeleton = `skeleton ${random.below(3)}`;
    if (stream !== directoryStream && random.below(3) > 0) return speech(room, position);
    const body = stream === directoryStream ? inGeneral(room, skeleton) : ofRoom(room, skeleton);
    return { stream, position, body };
  }

  function speech(room: RoomId, position: number): Entry {
    const own = messages.get(room) ?? [];
    messages.set(room, own);
    const before = own[random.below(own.length + 1)];
    const entry =
      before === undefined || before.deletedAt !== null
        ? newMessage(room, own.length + 1, position)
        : random.below(3) > 0
          ? edited(before, position, `changed at ${position}`)
          : deleted(before, position);
    if ('message' in entry.body) own[entry.body.message.number - 1] = entry.body.message;
    return entry;
  }

  function newMessage(room: RoomId, number: number, position: number): Entry {
    const fresh = message(room, number, position, `posted at ${position}`);
    return inRoom(room, position, { type: 'message-posted', message: fresh, at: 1 });
  }

  function ofRoom(room: RoomId, skeleton: string): EntryBody {
    const person = random.pick([null, 3]);
    return random.pick<EntryBody>([
      { type: 'room-created', room, identity: 'i', name: skeleton, at: 1 },
      { type: 'person-muted', mute: { room, person, skeleton, until: null }, at: 1 },
      { type: 'person-unmuted', room, skeleton, at: 1 },
    ]);
  }

  function inGeneral(room: RoomId, skeleton: string): EntryBody {
    return random.pick<EntryBody>([
      { type: 'ban-set', ban: { skeleton, name: skeleton, reason: '', until: random.below(9) }, at: 1 },
      { type: 'ban-lifted', skeleton, at: 1 },
      { type: 'name-taken', name: { skeleton, name: skeleton, room }, at: 1 },
    ]);
  }

  return Array.from({ length }, () => itemOf([happening()]));
}

/** For tests: what can be asked of a store, at once or later. */
export type Readable = {
  readonly [method in 'load' | 'page' | 'entries' | 'message']: (
    ...args: Parameters<Storage[method]>
  ) => Awaited<ReturnType<Storage[method]>> | ReturnType<Storage[method]>;
};

/** For tests: all that a store says about the streams of `history`. */
export async function everything(storage: Readable): Promise<unknown> {
  const snapshots = await Promise.all(STREAMS.map(async (stream) => sorted(await storage.load(stream))));
  const pages = await Promise.all([1, 2].map(async (room) => storage.page(room, null, 1_000)));
  const entries = await Promise.all(STREAMS.map(async (stream) => storage.entries(stream, 0, 1_000)));
  const ids = pages.flatMap(({ messages }) => messages.map(({ id }) => id));
  const messages = await Promise.all(ids.map(async (id) => storage.message(id)));
  return { snapshots, pages, entries, messages };
}

/** For tests: the streams of `history`. */
export const STREAMS: readonly StreamId[] = [directoryStream, roomStream(1), roomStream(2)];

/** For tests: a snapshot promises no order of its lists; this gives them one. */
export function sorted(snapshot: Snapshot): Snapshot {
  const bySkeleton = <T extends { readonly skeleton: string }>(list: readonly T[]): T[] =>
    list.toSorted((a, b) => (a.skeleton < b.skeleton ? -1 : 1));
  return {
    ...snapshot,
    mutes: bySkeleton(snapshot.mutes),
    bans: bySkeleton(snapshot.bans),
    names: bySkeleton(snapshot.names),
  };
}
