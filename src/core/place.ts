import type { Person } from './events.ts';

/** Where a message was said: in a group of this name, or between two. */
export type Place =
  | { readonly type: 'group'; readonly name: string; readonly lobby: boolean }
  | { readonly type: 'direct'; readonly people: readonly [Person, Person] };

/** The other one of a conversation of two. */
export function otherOf(place: Extract<Place, { type: 'direct' }>, person: number): Person {
  return place.people[0].id === person ? place.people[1] : place.people[0];
}
