import { parseListedAddress } from '../../listing/address.ts';

const ORIGIN = /^https?:\/\/(?:[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/**
 * What stands before the path of a file in texts: the server's public address if it has one, else where the file was uploaded.
 * Null if neither can be a part of an address.
 */
export function publicOrigin(publicAddress: string | undefined, asked: string | null): string | null {
  const listed = publicAddress === undefined ? null : parseListedAddress(publicAddress);
  if (listed !== null) {
    const isSecure = listed.isSecure || (listed.port !== 80 && asked?.startsWith('https:') === true);
    return new URL(`${isSecure ? 'https' : 'http'}://${listed.text}`).origin; // SERVER-280
  }
  return asked !== null && ORIGIN.test(asked) && URL.canParse(asked) ? new URL(asked).origin : null; // SERVER-280
}
