/** A message has at most so many bytes of UTF-8. */
const MOST_BYTES = 16_384;

const utf8 = new TextEncoder();

/** How many bytes more than allowed a text has; negative if there is room. */
export function bytesOver(text: string): number {
  // A character has at most three bytes a code unit, so a short text need not be encoded.
  if (text.length * 3 <= MOST_BYTES) return text.length * 3 - MOST_BYTES;
  return utf8.encode(text).length - MOST_BYTES;
}

/** A text as it is sent: without empty lines before it, and without white space after it. */
export function trimmedText(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/, '').trimEnd();
}
