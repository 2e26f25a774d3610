/** A random id of 32 hex digits. `crypto.randomUUID` is not there on pages in plain HTTP. */
export function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
