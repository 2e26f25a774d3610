import { isNameCharacter, type Name, parseName } from './parse.ts';

const MAX_CODE_POINTS = 32;
const MOST_TRIES = 9;

/**
 * Names for a room, made from its display name, in the order in which they are to be tried: the display name with `-` for what
 * no name may have, the same with a number, and last one that has the room's id (WORLD-133).
 */
export function groupNamesFor(displayName: string | null, room: number): Name[] {
  const last = `room-${room}`;
  const cleaned = displayName === null ? '' : cleanedName(displayName);
  const numbered = Array.from({ length: MOST_TRIES }, (_, index) =>
    withEnd(cleaned, index === 0 ? '' : `-${index + 1}`),
  );
  return [...(cleaned === '' ? [] : numbered), last].flatMap((text) => {
    const name = parseName(text);
    return name.ok ? [name.value] : [];
  }); // WORLD-133
}

/** The text with one `-` for each run of characters that no name may have, and none at its ends. */
function cleanedName(text: string): string {
  const characters = [...text.normalize('NFC')].map((character) => (isNameCharacter(character) ? character : '-'));
  return characters.join('').replace(/-+/g, '-').replace(/^-|-$/g, '');
}

function withEnd(text: string, end: string): string {
  return `${[...text].slice(0, MAX_CODE_POINTS - end.length).join('')}${end}`;
}
