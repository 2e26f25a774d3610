import type { Event } from '../../core/model/events.ts';
import type { PersonId } from '../../core/model/ids.ts';
import type { Connection } from '../connection.ts';
import type { BlockIndex } from './block-index.ts';
import type { Receiver } from './cursor.ts';

/**
 * Receivers that may hide an event of the batch: those of its authors, of people who block them, and of people who enter,
 * leave or are renamed. `of` finds the connections of a person.
 */
export function filteredReceivers(
  events: readonly Event[],
  of: (person: PersonId) => readonly Connection[],
  blocks: BlockIndex,
): ReadonlySet<Receiver> {
  const filtered = new Set<Receiver>();
  const add = (connections: Iterable<Connection>) => {
    for (const { subscriptions } of connections) if (subscriptions !== null) filtered.add(subscriptions.receiver);
  };
  for (const event of events) {
    if ('message' in event) {
      add(of(event.message.author.id).filter(({ subscriptions }) => subscriptions?.options.ownMessages === 'others')); // CONN-40
      add(blocks.of(event.message.author.id)); // CONN-40
    } else if (event.type === 'person-left')
      add(of(event.person.id)); // CONN-41
    else if (event.type === 'person-entered' || event.type === 'person-renamed') add(of(event.person.id)); // CONN-67
  }
  return filtered;
}
