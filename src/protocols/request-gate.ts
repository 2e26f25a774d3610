/** Where a person is on a connection. `entering` lasts while the world decides whether the person may enter. */
export type SessionState = 'outside' | 'entering' | 'inside' | 'gone';

/** When a request is taken; `until-gone` means in every state but the last. */
export type When = 'outside' | 'inside' | 'until-gone' | 'always';

/** Whether a request is taken in this state. */
export function isTaken(when: When, state: SessionState): boolean {
  if (when === 'until-gone') return state !== 'gone'; // CODE-20 TAG-26
  return when === 'always' || when === state; // C2-24 C2-37 CODE-20 TEMPLATE-24 TAG-26
}
