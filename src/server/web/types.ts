import { extname } from 'node:path';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.css', 'text/css; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.webmanifest', 'application/manifest+json'],
  ['.ico', 'image/x-icon'],
  ['.jpg', 'image/jpeg'],
  ['.png', 'image/png'],
  ['.webp', 'image/webp'],
]);

/** What gets smaller by compression. */
const COMPRESSIBLE = /^(?:text\/|image\/svg|application\/)/;

/** The type of a file of the page; throws for a name whose ending is unknown. */
export function typeOf(name: string): string {
  const type = TYPES.get(extname(name));
  if (type === undefined) throw new Error(`${name}: files of the page end in ${[...TYPES.keys()].join(', ')}`);
  return type;
}

/** Whether files of this type get smaller by compression. */
export function isCompressible(type: string): boolean {
  return COMPRESSIBLE.test(type);
}
