/** Somebody who can be mentioned. */
export type Mentionable = { readonly id: number; readonly name: string; readonly displayName: string };

const QUERY = /(?<![\p{L}\p{M}\p{N}@.])@([^\s;,[\]/~@`"'<>(){}:!?]{0,32})$/u;

/** What stands after the `@` before the cursor; null if the cursor is not behind one. */
export function mentionQuery(before: string): string | null {
  return QUERY.exec(before.slice(-40))?.[1] ?? null;
}

/** Whether a name, a display name or one of its words begins so, without regard to case and accents. */
export function fitsQuery(query: string, name: string, displayName: string): boolean {
  const wanted = folded(query);
  return [name, displayName, ...displayName.split(/\s+/)].some((each) => folded(each).startsWith(wanted));
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
