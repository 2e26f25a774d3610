import type { Entry } from '../../core/model/entries.ts';
import type { RoomHead } from './message-numbers.ts';

/** The head of a room before the entries that led to it: all of them since then. */
export function headBefore({ position, lastNumber, hidden }: RoomHead, entries: readonly Entry[]): RoomHead {
  const posted = entries.filter(({ body }) => body.type === 'message-posted').length; // VIEW-32
  return { position: position - entries.length, lastNumber: lastNumber - posted, hidden };
}

/** The numbers of the messages that these entries edited or deleted. */
export function changedIn(entries: readonly Entry[]): ReadonlySet<number> {
  const changed = entries.flatMap(({ body }) =>
    body.type === 'message-edited' || body.type === 'message-deleted' ? [body.message.number] : [],
  );
  return new Set(changed); // VIEW-35
}
