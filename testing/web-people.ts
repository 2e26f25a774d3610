import type { Page as WebPage } from 'playwright-core';
import { type Client, connect, type KeyOf, register } from '../src/protocols/documents/client.ts';
import type { Cleanup } from './temporary.ts';

const PASSWORD = 'correct horse battery';

/** Somebody without a browser, whom the people in browsers meet. */
export type Companion = {
  readonly client: Client;
  readonly lobby: KeyOf<'room'>;
  /** Sends texts to the lobby, one after the other; resolves with the number of the last when all are on disk. */
  say(...texts: string[]): Promise<number>;
};

/** Makes an account and logs it in at a server's address for WebSockets. */
export async function companion(cleanup: Cleanup, url: string, name: string): Promise<Companion> {
  const address = `${url}documents`;
  await register(address, { name, password: PASSWORD });
  const client = await connect(address, { name, password: PASSWORD });
  cleanup.after(() => client.close());
  const { entries } = await client.getPage(client.keys.rooms);
  const lobby = entries.find((room) => room.name === 'lobby')?.key;
  if (lobby === undefined) throw new Error('there is no lobby');
  const say = async (...texts: string[]) => {
    const keys = await Promise.all(texts.map((text) => client.send(lobby, text)));
    return keys.at(-1)?.id[1] ?? 0;
  };
  return { client, lobby, say };
}

/** The connection of a page, which can be cut: then no other is made until it is mended. Only a page that is loaded after this has it. */
export async function cuttable(page: WebPage): Promise<{ cut(): void; mend(): void }> {
  const open = new Set<() => void>();
  let isCut = false;
  await page.routeWebSocket(/\/documents$/, (socket) => {
    if (isCut) return void socket.close();
    const server = socket.connectToServer();
    open.add(() => {
      void server.close();
      void socket.close();
    });
  });
  const cut = () => {
    isCut = true;
    for (const close of open) close();
    open.clear();
  };
  const mend = () => {
    isCut = false;
  };
  return { cut, mend };
}
