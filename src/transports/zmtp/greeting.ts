const SIGNATURE_BYTES = 10;
const SIGNATURE_END = 0x7f;
const MAJOR_AT = SIGNATURE_BYTES;
const MINOR_AT = MAJOR_AT + 1;
const MECHANISM_AT = MINOR_AT + 1;
const MECHANISM = Buffer.from('NULL'.padEnd(20, '\0'));
const AS_SERVER_AT = MECHANISM_AT + MECHANISM.length;
const MAJOR = 3;
const MINOR = 1;

export const ZMTP_FIRST_BYTE = 0xff;
export const GREETING_BYTES = 64;

/** What a greeting means. `error` is the reason for an ERROR, or null if the peer's version has no ERROR. */
export type Greeting =
  | { readonly type: 'more' }
  | { readonly type: 'refused'; readonly error: string | null }
  | { readonly type: 'greeted'; readonly hasHeartbeats: boolean };

/** Our greeting: ZMTP 3.1, mechanism NULL, as-server 0, zeros elsewhere (RFC 37). */
export function ourGreeting(): Uint8Array {
  const greeting = Buffer.alloc(GREETING_BYTES);
  greeting[0] = ZMTP_FIRST_BYTE;
  greeting[SIGNATURE_BYTES - 1] = SIGNATURE_END;
  greeting[MAJOR_AT] = MAJOR;
  greeting[MINOR_AT] = MINOR;
  greeting.set(MECHANISM, MECHANISM_AT);
  return greeting;
}

/** Reads the bytes received so far of a greeting that begins with 0xff. Refuses an old version before the greeting ends. */
export function readGreeting(bytes: Uint8Array): Greeting {
  if (bytes.length >= SIGNATURE_BYTES && bytes[SIGNATURE_BYTES - 1] !== SIGNATURE_END) return refused(null); // ZMTP-03
  const major = bytes[MAJOR_AT] ?? MAJOR;
  if (major < MAJOR) return refused(null); // ZMTP-04
  if (bytes.length < GREETING_BYTES) return { type: 'more' };
  if (!MECHANISM.equals(bytes.subarray(MECHANISM_AT, AS_SERVER_AT))) return refused('mechanism-is-not-NULL'); // ZMTP-05
  const hasHeartbeats = major > MAJOR || (bytes[MINOR_AT] ?? 0) >= MINOR; // ZMTP-23
  const asServer = bytes[AS_SERVER_AT] ?? 0;
  if (asServer > (hasHeartbeats ? 0 : 1)) return refused('as-server-in-NULL'); // ZMTP-06
  return { type: 'greeted', hasHeartbeats };
}

function refused(error: string | null): Greeting {
  return { type: 'refused', error };
}
