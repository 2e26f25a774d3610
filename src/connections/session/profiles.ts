import type { PersonId } from '../../core/model/ids.ts';
import type { World } from '../../core/world.ts';
import type { Profile } from './session-api.ts';

/** A person as somebody sees one; undefined for one who is nobody any more. */
export function profileFor(world: World, viewer: PersonId, person: PersonId): Profile | undefined {
  const view = world.people.view(person);
  if (view === undefined) return undefined;
  const hasFriends = viewer !== person && world.people.account(viewer) !== undefined; // CONN-51
  return { ...view, friend: hasFriends ? world.people.contactsOf(viewer).has(person) : null }; // CONN-51
}
