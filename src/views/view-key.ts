/** What a document shows. */
export type ViewType =
  | 'person'
  | 'contacts'
  | 'blocks'
  | 'rooms'
  | 'room'
  | 'members'
  | 'member'
  | 'message'
  | 'unit'
  | 'directory';

/**
 * Names a document: by the id of its person, room or unit. A message has its number beside the room's id, a member the person's
 * id.
 */
export type ViewKey = { readonly type: ViewType; readonly id: number; readonly number?: number };

/** The one id of the directory. */
export const DIRECTORY = 1;

/** A document has a content, and children in lists. */
export type Part = 'content' | 'children';

/** The name of all documents of one type and id: of a room's messages, say. */
export function groupOf(type: ViewType, id: number): string {
  return `${type}/${id}`;
}

/** The room that must be in memory for a document; null for none. */
export function roomOf({ type, id }: ViewKey): number | null {
  return type === 'room' || type === 'members' || type === 'member' || type === 'message' ? id : null;
}
