/** Where files are uploaded. */
export const UPLOADS = '/files';
/** What the addresses of files begin with. */
export const FILES = '/files/';

const ADDRESS = /^\/files\/([0-9a-f]{32})\/[^/]*$/;
/** What `encodeURIComponent` leaves and programs that find addresses in texts may not take for a part of one. */
const LEFT = /[!'()*~]/g;

/** The address of a file: who has its id, 128 random bits, may get the file. */
export function fileAddress(id: string, name: string): string {
  const escaped = encodeURIComponent(name).replace(
    LEFT,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${FILES}${id}/${escaped}`; // SERVER-260
}

/** The id of the file at this path, null if there can be none. The name is for people: any name leads to the file. */
export function fileIdOf(path: string): string | null {
  return ADDRESS.exec(path)?.[1] ?? null; // SERVER-271
}
