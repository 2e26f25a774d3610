import type { Entry } from '../../core/model/entries.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { RoomFacts } from '../../core/reader.ts';
import type { RoomHead } from './message-numbers.ts';

/** The head of a room for one viewer, who in a direct is not shown what is withheld of the other person. */
export function headOf({ position, lastNumber, members, withheld }: RoomFacts, viewer: PersonId): RoomHead {
  const other = members.get(viewer)?.other ?? null;
  return { position, lastNumber, hidden: (other === null ? undefined : withheld.get(other)?.numbers) ?? [] }; // VIEW-33
}

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
