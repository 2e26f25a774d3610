/** A room in the order in which the page lists them. */
export type ListedRoom = { readonly room: number; readonly isUnread: boolean };

/**
 * The room that comes after the current one, or before it with `step` -1; from the last one it goes on with the first. Without a
 * current room it begins at the first or the last. Null if there is no other one, or none that is unread if that is wanted.
 */
export function neighbourOf(
  rooms: readonly ListedRoom[],
  current: number | null,
  step: 1 | -1,
  wanted: 'any' | 'unread',
): number | null {
  const ordered = step === 1 ? rooms : rooms.toReversed();
  const at = ordered.findIndex(({ room }) => room === current);
  const others = [...ordered.slice(at + 1), ...ordered.slice(0, Math.max(at, 0))];
  // WEB-152
  return others.find(({ isUnread }) => wanted === 'any' || isUnread)?.room ?? null;
}
