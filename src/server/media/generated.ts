import { createHmac, hash } from 'node:crypto';
import type { PersonId } from '../../core/model/ids.ts';
import { fromFirstVisible } from '../../core/text/text.ts';

const SIDE = 512;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
/** With these, white on every hue has a contrast of at least 4.5 (WCAG AA). */
const SATURATION = 0.55;
const LIGHTNESS = 0.3;

/**
 * The picture of a person who has uploaded none: an SVG of the first character of the display name on a colour of the id. For
 * an id that nobody has (null) the letter comes from the id and the key, so that nobody can tell that by the picture.
 */
export function generatedPicture(person: PersonId, displayName: string | null, key: string): string {
  const text = displayName === null ? letterOf(person, key) : firstCharacter(displayName); // SERVER-192
  const middle = SIDE / 2;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">` +
    `<rect width="${SIDE}" height="${SIDE}" fill="${colourOf(person)}"/>` +
    `<text x="${middle}" y="${middle}" dy="0.35em" text-anchor="middle" font-family="system-ui, sans-serif"` +
    ` font-size="${middle}" fill="#ffffff">${escaped(text)}</text></svg>\n`
  );
}

/** What a reader sees as the first character, which may be several code points; as it is written. */
function firstCharacter(text: string): string {
  const [first] = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(fromFirstVisible(text));
  return first?.segment ?? '';
}

function letterOf(person: PersonId, key: string): string {
  const [byte = 0] = createHmac('sha256', key).update(String(person)).digest();
  return LETTERS.charAt(byte % LETTERS.length); // SERVER-192
}

function colourOf(person: PersonId): string {
  return colourOfHue(hash('sha256', String(person), 'buffer').readUInt16BE() % 360);
}

/** The dark colour of a hue from 0 to 359, as `#` and six hex digits (CSS Color 4, 7.1). */
export function colourOfHue(hue: number): string {
  const part = (n: number) => {
    const k = (n + hue / 30) % 12;
    const spread = SATURATION * Math.min(LIGHTNESS, 1 - LIGHTNESS);
    const value = LIGHTNESS - spread * Math.max(-1, Math.min(k - 3, 9 - k, 1)); // SERVER-192
    return Math.round(255 * value)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(8)}${part(4)}`;
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`); // SERVER-192
}
