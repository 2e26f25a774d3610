const ESCAPE = '\u0001';
const ESCAPED = new RegExp(`${ESCAPE}([0-9a-f]{4})`, 'g');
/** What PostgreSQL cannot hold in a text, and what UTF-8 cannot express: U+0000, and half a surrogate pair. */
const UNSTORABLE = new RegExp(`[\\0${ESCAPE}]|\\p{Surrogate}`, 'gu');

/** A text that is no JSON, such as a key, as PostgreSQL can hold it; different texts stay different. JSON needs none of this. */
export function storedText(text: string): string {
  return text.replace(UNSTORABLE, (unit) => ESCAPE + unit.charCodeAt(0).toString(16).padStart(4, '0')); // STORE-183
}

/** The text that was stored. */
export function readText(stored: string): string {
  return stored.replace(ESCAPED, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))); // STORE-183
}
