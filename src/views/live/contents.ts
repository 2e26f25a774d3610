import type { Mute } from '../../core/model/entries.ts';
import type { PersonId, RoomId, UnitId } from '../../core/model/ids.ts';
import type { MemberRole } from '../../core/model/member.ts';
import type { Presence } from '../../core/text/status.ts';
import type { WorldReader } from '../../core/reader.ts';
import type { RoomContent } from '../messages/room-content.ts';
import type { ViewKey } from '../view-key.ts';
import { personEntry } from './entries.ts';

/** What others see of a person. An invisible guest sees this of itself; nobody else sees anything. */
export type PersonContent = {
  readonly type: 'person';
  readonly name: string;
  readonly displayName: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  /** The id of an uploaded picture. */
  readonly picture: string | null;
  readonly presence: Presence;
  readonly connected: boolean;
  /** The free text of the status. */
  readonly status: string | null;
  readonly guest: boolean;
};

/** What a member may do in a room, and until when the member may not write: ms since 1970, `null` for good. */
export type MemberContent = {
  readonly type: 'member';
  readonly role: MemberRole;
  readonly muted: { readonly until: number | null } | null;
};

export type UnitContent = { readonly type: 'unit'; readonly displayName: string; readonly parent: UnitId | null };
export type DirectoryContent = { readonly type: 'directory'; readonly home: UnitId };

/** A document that has children only. */
export type ListContent = { readonly type: 'list' };

/** The content of a live view. */
export type LiveContent = PersonContent | MemberContent | RoomContent | UnitContent | DirectoryContent | ListContent;

/** The content of a document that is a live view, as the viewer sees it; null where there is none. */
export function liveContent(reader: WorldReader, viewer: PersonId, key: ViewKey): LiveContent | null {
  const { type, id, number = 0 } = key;
  switch (type) {
    case 'person':
      return personContent(reader, id, viewer);
    case 'member':
      return memberContent(reader, id, number);
    case 'room':
      return directContent(reader, id, viewer);
    case 'unit':
      return unitContent(reader, id);
    case 'directory':
      return { type: 'directory', home: reader.homeUnit };
    case 'contacts':
    case 'blocks':
    case 'rooms':
    case 'members':
      return { type: 'list' };
    case 'message':
      return null;
  }
}

function personContent(reader: WorldReader, person: PersonId, viewer: PersonId): PersonContent | null {
  const entry = personEntry(reader, person);
  const view = reader.person(person);
  if (entry === null || view === undefined) return person === viewer ? invisibleGuest(reader, viewer) : null; // VIEW-50
  const { name, displayName, picture, presence, connected } = entry;
  const account = reader.account(person);
  return {
    type: 'person',
    name,
    displayName,
    picture,
    presence,
    connected,
    firstName: account?.firstName ?? null,
    lastName: account?.lastName ?? null,
    status: view.status.text,
    guest: view.guest,
  };
}

function invisibleGuest(reader: WorldReader, viewer: PersonId): PersonContent | null {
  const name = reader.presentName(viewer);
  if (name === undefined) return null;
  const unknown = { firstName: null, lastName: null, picture: null, status: null };
  return { type: 'person', name, displayName: name, ...unknown, presence: 'offline', connected: false, guest: true };
}

function memberContent(reader: WorldReader, room: RoomId, person: PersonId): MemberContent | null {
  const facts = reader.room(room);
  const member = facts?.members.get(person);
  if (facts === undefined || member === undefined) return null;
  const mute = [...facts.mutes.values()].find((each) => isOf(each, reader, person));
  return { type: 'member', role: member.role, muted: mute === undefined ? null : { until: mute.until } };
}

function isOf(mute: Mute, reader: WorldReader, person: PersonId): boolean {
  return mute.person === person || mute.skeleton === reader.account(person)?.skeleton;
}

/** A direct as one of its people sees it: it has the other person's display name. */
function directContent(reader: WorldReader, room: RoomId, viewer: PersonId): RoomContent | null {
  const people = reader.room(room)?.row.people;
  const other = people?.find(({ id }) => id !== viewer);
  if (people === undefined || other === undefined) return null;
  return {
    type: 'room',
    displayName: reader.person(other.id)?.displayName ?? other.name, // VIEW-41
    name: '',
    open: false,
    members: people.map(({ id, name }) => ({ id, name: reader.person(id)?.name ?? name })),
    total: people.length,
  };
}

function unitContent(reader: WorldReader, id: UnitId): UnitContent | null {
  const unit = reader.unit(id);
  return unit === undefined ? null : { type: 'unit', displayName: unit.name, parent: unit.parent };
}
