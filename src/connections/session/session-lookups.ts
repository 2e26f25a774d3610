import type { Person } from '../../core/model/person.ts';
import type { RoomView } from '../../core/services/rooms.ts';
import type { World } from '../../core/world.ts';
import { err } from '../../lib/result.ts';
import { contactProfiles, groupViews, ownGroups, ownProfile, presentNames, profileByName } from './lookups.ts';
import type { Done, OwnProfile, Profile, SessionApi } from './session-api.ts';

/** The part of the session API that only looks things up, for the person who is logged in. */
export abstract class SessionLookups {
  abstract readonly person: Person | null;
  protected abstract readonly world: World;

  /** Holds back later requests until the returned function is called, which calls `done` and takes the next request. */
  protected abstract holdUntil<T>(done: Done<T>): Done<T>;

  history(...[of, name, before, limit, done]: Parameters<SessionApi['history']>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    this.world.history.of(person.id, of, name, before, limit, this.holdUntil(done)); // CONN-13
  }

  presentNames(): readonly string[] {
    return presentNames(this.world, this.person);
  }

  ownProfile(): OwnProfile | null {
    return this.person && ownProfile(this.world, this.person);
  }

  profiles(names: readonly string[]): readonly (Profile | null)[] {
    return names.map((name) => this.person && profileByName(this.world, this.person.id, name));
  }

  contacts(): readonly Profile[] {
    return this.person === null ? [] : contactProfiles(this.world, this.person.id);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    const rooms = names.map((name) => this.world.rooms.find(name));
    groupViews(this.world, this.person?.id ?? 0, rooms, this.holdUntil(done)); // CONN-13
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const { person } = this;
    if (person === null) return done(err({ type: 'not-allowed' })); // CONN-37
    ownGroups(this.world, person.id, this.holdUntil(done)); // CONN-13
  }
}
