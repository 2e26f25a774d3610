/** Where the reader is: at the newest message, or with this message at so many pixels from the top. */
export type Place = 'end' | { readonly number: number; readonly offset: number };

/** Whether nobody could see a difference. */
export function isSamePlace(one: Place, other: Place): boolean {
  if (one === 'end' || other === 'end') return one === other;
  return one.number === other.number && Math.abs(one.offset - other.offset) < 1;
}
