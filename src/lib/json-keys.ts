const WHITE: ReadonlySet<string> = new Set(' \t\n\r');

/** The top-level keys of the first object of a stream, as far as it was received; `ended` once all of it was. */
export type TopLevelKeys = { readonly keys: ReadonlySet<string>; readonly ended: boolean };

/**
 * Finds the keys in the first bytes of a stream of JSON objects; `null` if the bytes do not begin an object. It reads only
 * braces, strings and escapes: the codec finds broken JSON.
 */
export function topLevelKeys(bytes: Uint8Array): TopLevelKeys | null {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const keys = new Set<string>();
  let at = 0;
  while (WHITE.has(text.charAt(at))) at++;
  if (at === text.length) return { keys, ended: false };
  if (text[at] !== '{') return null;
  let depth = 0;
  let mayBeKey = false;
  while (at < text.length) {
    const char = text.charAt(at);
    let next = at + 1;
    if (char === '"') {
      next = afterString(text, at);
      if (mayBeKey && depth === 1 && next <= text.length) keys.add(unescape(text.slice(at, next)));
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    if (depth === 0 && char === '}') return { keys, ended: true };
    if (!WHITE.has(char)) mayBeKey = char === '{' || char === ',';
    at = next;
  }
  return { keys, ended: false };
}

/** Returns an index beyond the text if the string does not end in it. */
function afterString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at + 1;
}

function unescape(literal: string): string {
  try {
    return JSON.parse(literal);
  } catch {
    return literal;
  }
}
