import type { PersonId, RoomId } from '../core/model/ids.ts';
import type { Refusal } from '../core/model/refusals.ts';
import type { WorldReader } from '../core/reader.ts';
import { isAmong } from './messages/message-numbers.ts';
import { headOf } from './messages/room-head.ts';
import { DIRECTORY, type Part, type ViewKey } from './view-key.ts';

const NOT_FOUND: Refusal = { type: 'not-found' };
const NOT_MEMBER: Refusal = { type: 'not-member' };

/**
 * Why a person may not read a part of a document; null if the person may. What is kept from somebody is refused like what does
 * not exist. The room of the document must be in memory: otherwise it counts as unknown.
 */
export function refusalFor(reader: WorldReader, viewer: PersonId, key: ViewKey, part: Part): Refusal | null {
  if (reader.presentName(viewer) === undefined) return { type: 'not-allowed' }; // WORLD-20
  const { type, id, number = 0 } = key;
  switch (type) {
    case 'person':
      return foundIf(part === 'content' && (id === viewer || reader.person(id) !== undefined)); // VIEW-50
    case 'contacts':
    case 'blocks':
    case 'rooms':
      return foundIf(id === viewer); // VIEW-51
    case 'room':
      return part === 'content' ? toRoom(reader, viewer, id) : intoRoom(reader, viewer, id); // VIEW-52
    case 'members':
      return toRoom(reader, viewer, id); // VIEW-52
    case 'member': {
      const isMember = part === 'content' && reader.room(id)?.members.has(number) === true;
      return toRoom(reader, viewer, id) ?? foundIf(isMember); // VIEW-52
    }
    case 'message':
      return intoRoom(reader, viewer, id) ?? foundIf(part === 'content' && isShown(reader, viewer, id, number)); // VIEW-53
    case 'unit':
      return foundIf(reader.unit(id) !== undefined); // VIEW-54
    case 'directory':
      return foundIf(id === DIRECTORY); // VIEW-54
  }
}

function foundIf(isFound: boolean): Refusal | null {
  return isFound ? null : NOT_FOUND;
}

/** For what everybody may see of an open room. */
function toRoom(reader: WorldReader, viewer: PersonId, room: RoomId): Refusal | null {
  return foundIf(reader.standing(viewer, room) !== 'unknown'); // VIEW-52
}

/** For what only the people in a room may see. */
function intoRoom(reader: WorldReader, viewer: PersonId, room: RoomId): Refusal | null {
  const standing = reader.standing(viewer, room);
  if (standing === 'outside') return NOT_MEMBER; // VIEW-52
  return foundIf(standing === 'inside'); // VIEW-52
}

function isShown(reader: WorldReader, viewer: PersonId, room: RoomId, number: number): boolean {
  const facts = reader.room(room);
  if (facts === undefined || !Number.isSafeInteger(number) || number < 1 || number > facts.lastNumber) return false;
  return !isAmong(headOf(facts, viewer).hidden, number); // VIEW-53
}
