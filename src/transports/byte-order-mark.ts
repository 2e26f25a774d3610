const MARK = [0xef, 0xbb, 0xbf];

/** The bytes without a byte order mark of UTF-8 at their start. */
export function withoutMark<T extends Uint8Array>(bytes: T): T {
  return isMark(bytes) && bytes.length >= MARK.length ? (bytes.subarray(MARK.length) as T) : bytes; // PORT-05
}

/** Whether all that came so far is a mark, or the beginning of one. */
export function isOnlyMark(bytes: Uint8Array): boolean {
  return bytes.length <= MARK.length && isMark(bytes); // PORT-05
}

function isMark(bytes: Uint8Array): boolean {
  return MARK.every((byte, index) => index >= bytes.length || bytes[index] === byte);
}
