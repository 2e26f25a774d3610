import type { PersonId } from '../core/ids.ts';
import type { World } from '../core/world.ts';
import type { Card } from './peer.ts';

/** A person as somebody sees one; undefined for one who is nobody any more. */
export function cardOf(world: World, viewer: PersonId, person: PersonId): Card | undefined {
  const view = world.people.view(person);
  if (view === undefined) return undefined;
  const hasFriends = viewer !== person && world.people.account(viewer) !== undefined; // CONN-51
  return { ...view, friend: hasFriends ? world.people.contactsOf(viewer).has(person) : null }; // CONN-51
}
