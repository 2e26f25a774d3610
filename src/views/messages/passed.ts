import type { Entry } from '../../core/model/entries.ts';
import type { RoomId } from '../../core/model/ids.ts';
import type { WorldReader } from '../../core/reader.ts';
import type { Version } from '../answer.ts';

/** The most entries since an old version that the old state is worked out from. */
export const MOST_ENTRIES = 1_000;

/**
 * How many entries of a room passed since an old version. Null where they are too many, or the old version is none of this
 * history, or one that this node has not reached.
 */
export function ageOf(since: Version | null, now: Version): number | null {
  if (since === null || since.identity !== now.identity || !Number.isSafeInteger(since.number)) return null; // VIEW-30
  const age = now.number - since.number;
  return since.number >= 0 && age >= 0 && age <= MOST_ENTRIES ? age : null; // VIEW-36
}

/** The entries from an old version until now; rejects when storage is unavailable. */
export function passedSince(
  reader: Pick<WorldReader, 'entries'>,
  room: RoomId,
  now: Version,
  age: number,
): Promise<readonly Entry[]> {
  return reader.entries(room, now.number - age, age);
}
