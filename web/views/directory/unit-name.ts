import type { Texts } from '../../text/en.ts';

/** The unit that every server has. */
const EVERYONE = 1;

/** How a unit is called; the operator names all but one of them. */
export function unitName(id: number, name: string, { directory }: Texts): string {
  return id === EVERYONE ? directory.everyone : name;
}
