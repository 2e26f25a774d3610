const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const NONE = 64;
const PADDING = 0x3d;
const ascii = new TextDecoder();
const codes = Uint8Array.from(LETTERS, (letter) => letter.charCodeAt(0));
const values = new Uint8Array(128).fill(NONE);
for (const [value, code] of codes.entries()) values[code] = value;

/** Encodes bytes in the base64 of RFC 4648, padded. Own code, because not every platform has a strict one. */
export function encodeBase64(bytes: Uint8Array): string {
  const out = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(PADDING);
  let at = 0;
  for (let index = 0; index < bytes.length; index += 3) {
    const left = bytes.length - index;
    const held = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    out[at++] = codes[held >> 18] ?? 0;
    out[at++] = codes[(held >> 12) & 63] ?? 0;
    if (left > 1) out[at] = codes[(held >> 6) & 63] ?? 0;
    at++;
    if (left > 2) out[at] = codes[held & 63] ?? 0;
    at++;
  }
  return ascii.decode(out);
}

/** Decodes base64; `null` if the text is invalid, partly padded, or not canonical. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const letters = text.length - paddingOf(text);
  if (letters % 4 === 1 || (letters < text.length && text.length % 4 !== 0)) return null;
  const out = new Uint8Array(Math.floor((letters * 3) / 4));
  let at = 0;
  let held = 0;
  let bits = 0;
  for (let index = 0; index < letters; index++) {
    const value = values[text.charCodeAt(index)] ?? NONE;
    if (value === NONE) return null;
    held = (held << 6) | value;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out[at++] = held >> bits;
    held &= (1 << bits) - 1;
  }
  return held === 0 ? out : null;
}

/** How many `=` a text ends with, at most two. */
function paddingOf(text: string): number {
  if (!text.endsWith('=')) return 0;
  return text.endsWith('==') ? 2 : 1;
}
