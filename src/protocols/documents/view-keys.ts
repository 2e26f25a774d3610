import { DIRECTORY, type ViewKey } from '../../views/view-key.ts';
import type { Key } from './schema.ts';

/** The directory has one root. */
export const ROOT = { type: 'index', id: DIRECTORY } as const;

const types: { readonly [T in Exclude<Key['type'], 'msg' | 'member'>]: ViewKey['type'] } = {
  user: 'person',
  fav: 'contacts',
  blocked: 'blocks',
  rooms: 'rooms',
  conversations: 'rooms',
  room: 'room',
  members: 'members',
  index: 'directory',
  unit: 'unit',
};

/** What the world calls a document; null for a directory that does not exist. */
export function viewKeyOf(key: Key): ViewKey | null {
  if (key.type === 'msg') return { type: 'message', id: key.id[0], number: key.id[1] };
  if (key.type === 'member') return { type: 'member', id: key.id[0], number: key.id[1] };
  if (key.type === 'index' && key.id !== ROOT.id) return null; // DOC-82
  return { type: types[key.type], id: key.id };
}
