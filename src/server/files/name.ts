const MAX_BYTES = 120;
/** The longest ending that is kept when a name is cut. */
const MAX_ENDING = 16;
const UNNAMED = 'file';
/** Controls, marks of direction, what shows nothing (but for joiners, which scripts need), and what names of files cannot have somewhere. */
const UNFIT = /(?:(?![\u200c\u200d])[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|])+/gu;
const EDGES = /^[\s.]+|[\s.]+$/gu;

/** A name that is safe to show and to save under, made from one that a client gave. */
export function cleanName(given: string): string {
  const name = given
    .slice(0, 4 * MAX_BYTES)
    .toWellFormed()
    .normalize('NFC')
    .replace(UNFIT, '_')
    .replace(EDGES, ''); // SERVER-269
  return cut(name) || UNNAMED;
}

/** At most so many bytes of UTF-8; the ending stays. */
function cut(name: string): string {
  if (Buffer.byteLength(name) <= MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && Buffer.byteLength(name.slice(dot)) <= MAX_ENDING ? name.slice(dot) : '';
  let left = MAX_BYTES - Buffer.byteLength(ending);
  let start = '';
  for (const character of name) {
    left -= Buffer.byteLength(character);
    if (left < 0) break;
    start += character;
  }
  return `${start.replace(EDGES, '')}${ending}`; // SERVER-269
}
