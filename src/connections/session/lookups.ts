import type { PersonId, RoomId } from '../../core/model/ids.ts';
import type { Person } from '../../core/model/person.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { SearchRequest } from '../../core/services/search.ts';
import type { World } from '../../core/world.ts';
import { err, ok } from '../../lib/result.ts';
import { personEntry } from '../../views/live/entries.ts';
import type { Done, OwnProfile, Profile, SearchAnswer } from './session-api.ts';

/**
 * The names of all visible people in the lobby, in the order they entered. If others do not see the viewer, the viewer's
 * name comes last.
 */
export function presentNames({ people, rooms }: World, viewer: Person | null): readonly string[] {
  const visible = people.visible.filter(({ person }) => rooms.isInLobby(person));
  const names = visible.map(({ name }) => name);
  if (viewer === null || visible.some(({ person }) => person === viewer.id)) return names; // CONN-74
  return [...names, viewer.name]; // CONN-74
}

export function ownProfile({ people }: World, { id, name }: Person): OwnProfile {
  return { name, displayName: people.account(id)?.displayName ?? name, status: people.statusOf(id).spelling };
}

/** A person as the viewer sees them; undefined for a guest who is gone. */
export function profileFor({ people }: World, viewer: PersonId, person: PersonId): Profile | undefined {
  const view = people.view(person);
  if (view === undefined) return undefined;
  const hasContacts = viewer !== person && people.account(viewer) !== undefined; // CONN-51
  return { ...view, isContact: hasContacts ? people.contactsOf(viewer).has(person) : null }; // CONN-51
}

export function profileByName(world: World, viewer: PersonId, name: string): Profile | null {
  const found = world.people.find(name);
  return found === undefined ? null : (profileFor(world, viewer, found.id) ?? null);
}

export function contactProfiles(world: World, viewer: PersonId): readonly Profile[] {
  return [...world.people.contactsOf(viewer)].flatMap((person) => profileFor(world, viewer, person) ?? []);
}

/** Groups as the viewer sees them, null for one that the viewer does not know. Looks up each group once. */
export function groupViews(
  world: World,
  viewer: PersonId,
  rooms: readonly (RoomId | undefined)[],
  done: Done<readonly (RoomView | null)[]>,
): void {
  const distinct = [...new Set(rooms.flatMap((room) => room ?? []))];
  const view = () => new Map(distinct.map((room) => [room, world.rooms.view(viewer, room)])); // CONN-60
  world.useRooms(distinct, view).then(
    (views) => done(ok(rooms.map((room) => (room === undefined ? null : (views.get(room) ?? null))))),
    () => done(err({ type: 'unavailable' })),
  );
}

/** What the viewer looks for, with people as lists show them. */
export function searchAnswer(world: World, viewer: PersonId, request: SearchRequest, done: Done<SearchAnswer>): void {
  world.searches.find(viewer, request, (result) => {
    if (!result.ok) return done(result);
    const people = result.value.people.flatMap((person) => personEntry(world.reader, person) ?? []);
    done(ok({ ...result.value, people }));
  });
}

/** The groups that the person is a member of. */
export function ownGroups(world: World, person: PersonId, done: Done<readonly RoomView[]>): void {
  world.rooms.of(person).then(
    (joined) => {
      const groups = joined.filter(({ direct }) => !direct).map(({ room }) => room);
      groupViews(world, person, groups, (result) =>
        done(result.ok ? ok(result.value.filter((view) => view !== null)) : result),
      );
    },
    () => done(err({ type: 'unavailable' })),
  );
}
