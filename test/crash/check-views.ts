import type { StoredMessage } from './check-stored.ts';
import type { View } from './client-log.ts';

/** What clients add to a text when they edit it, and what some protocols put before a live edit. */
const EDITED = / edited$/;
const EDIT_LINE = /^\* /;

/**
 * What is wrong with what connections were shown of rooms: each must be shown messages by ascending number, none left out, none
 * twice; one's own may be left out. What is stored but was shown in no view is no problem here.
 */
export function checkViews(posted: readonly StoredMessage[], views: readonly View[]): string[] {
  const places = new Map(posted.map((message) => [message.text, message]));
  const rooms = Map.groupBy(posted, ({ room }) => room);
  return views.flatMap(({ name, texts }) => {
    const problems: string[] = [];
    const reached = new Map<number, number>();
    for (const text of texts) {
      const original = text.replace(EDIT_LINE, '').replace(EDITED, '');
      const message = places.get(original);
      if (message === undefined) continue; // Another check says that it is not stored.
      const { room, number } = message;
      const before = reached.get(room);
      if (before !== undefined && number <= before) {
        if (text === original) problems.push(`${name} was shown "${text}", number ${number}, after number ${before}`);
        continue;
      }
      const skipped = before === undefined ? [] : (rooms.get(room) ?? []).slice(before, number - 1);
      for (const missed of skipped)
        if (authorOf(missed) !== name) problems.push(`${name} was not shown "${missed.text}", number ${missed.number}`);
      reached.set(room, number);
    }
    return problems;
  });
}

/** Every text of a client begins with its name. */
function authorOf({ text }: StoredMessage): string {
  return text.slice(0, text.indexOf(' '));
}
