import { type Client, connect, type KeyOf } from '../src/protocols/documents/client.ts';
import type { ServerProcess } from './server.ts';
import type { Cleanup } from './temporary.ts';

/** Somebody who is on the server without a page, and the lobby. */
export type Visitor = { readonly client: Client; readonly lobby: KeyOf<'room'> };

/** Enters as a guest of this name, or as an account with a password; leaves at the end. */
export async function visit(
  cleanup: Cleanup,
  server: ServerProcess,
  name: string,
  password?: string,
): Promise<Visitor> {
  const client = await connect(`${server.url}documents`, { name, ...(password !== undefined && { password }) });
  cleanup.after(() => client.close());
  const { entries } = await client.getPage(client.keys.rooms, { size: 50 });
  const lobby = entries.find(({ groupname }) => groupname === 'lobby');
  if (lobby === undefined) throw new Error(`${name} is not in the lobby`);
  return { client, lobby: lobby.key };
}

/** Sends these texts to a room, in this order. */
export async function sayAll({ client }: Visitor, room: KeyOf<'room'>, texts: readonly string[]): Promise<void> {
  for (let from = 0; from < texts.length; from += 100)
    await Promise.all(texts.slice(from, from + 100).map((text) => client.send(room, text)));
}
