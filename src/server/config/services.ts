/** The bus of a node that asks no service. */
export const BUS_OF_ONE = 'memory';

const EMBEDDED = 'sqlite';

/** Whether this names a storage. What a URL says further is checked when it is opened. */
export function isStorage(text: string): boolean {
  return text === EMBEDDED || /^postgres(?:ql)?:\/\/./.test(text);
}

/** Whether this names a bus. */
export function isBus(text: string): boolean {
  return text === BUS_OF_ONE || /^(?:nats|tls):\/\/./.test(text);
}

/** Whether several nodes can have this storage at once. */
export function isShared(storage: string): boolean {
  return storage !== EMBEDDED;
}
