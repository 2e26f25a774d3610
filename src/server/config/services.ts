/** The bus of a node that asks no service. */
export const BUS_OF_ONE = 'memory';

const EMBEDDED = 'sqlite';

/** Whether this names a storage. */
export function isStorage(text: string): boolean {
  return text === EMBEDDED || isUrl(text, ['postgres:', 'postgresql:']);
}

/** Whether this names a bus. */
export function isBus(text: string): boolean {
  return text === BUS_OF_ONE || text.split(',').every((url) => isUrl(url.trim(), ['nats:', 'tls:']));
}

/** Whether several nodes can have this storage at once. */
export function isShared(storage: string): boolean {
  return storage !== EMBEDDED;
}

function isUrl(text: string, schemes: readonly string[]): boolean {
  return URL.canParse(text) && schemes.includes(new URL(text).protocol);
}
