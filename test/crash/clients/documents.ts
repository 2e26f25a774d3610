import { type Client, connect, DocumentsError, type KeyOf, register } from '../../../src/protocols/documents/client.ts';
import type { ClientLog } from '../client-log.ts';

const PASSWORD = 'hunter2';
/** Messages that wait in the outbox at a time. */
const WINDOW = 4;
const PAGE = 200;

type Room = KeyOf<'room'>;

/**
 * An account that sends by the client library, which goes on with its session at the place that `where` tells, and repeats there
 * what was not answered.
 */
export class DocumentsClient {
  readonly name: string;
  readonly #client: Client;
  readonly #log: ClientLog;
  readonly #lobby: Room;
  #count = 0;
  #isOpen = true;

  private constructor(name: string, client: Client, lobby: Room, log: ClientLog) {
    this.name = name;
    this.#client = client;
    this.#lobby = lobby;
    this.#log = log;
  }

  /** Makes the account, and logs in. */
  static async open(where: () => string, name: string, log: ClientLog): Promise<DocumentsClient> {
    await register(where(), { name, password: PASSWORD });
    const client = await connect(where(), { name, password: PASSWORD, platform: { WebSocket: socketTo(where) } });
    return new DocumentsClient(name, client, await lobbyOf(client), log);
  }

  /** Sends messages until it is closed. */
  start(): void {
    for (let slot = 0; slot < WINDOW; slot++) void this.#sendNext();
  }

  /** Connects at once if it is offline: the library would wait longer each time. */
  check(): void {
    this.#client.check();
  }

  /** Ends at once. */
  close(): Promise<void> {
    this.#isOpen = false;
    return this.#client.close();
  }

  /** Sends no more; resolves when what was sent is answered. */
  async finish(): Promise<void> {
    this.#isOpen = false;
    await this.#log.changed.until(() =>
      [...this.#client.outbox].every(({ state }) => state !== 'sending' && state !== 'waiting'),
    );
    await this.close();
  }

  async #sendNext(): Promise<void> {
    while (this.#isOpen) {
      const text = `${this.name} ${++this.#count}`;
      try {
        await this.#client.send(this.#lobby, text);
        this.#log.posted.push(text);
      } catch (error) {
        if (!(error instanceof DocumentsError)) throw error;
        if (error.code === 'refused') this.#log.refused.push({ text, reason: error.message });
        else this.#log.lost.push(`${text}: ${error.message}`);
      }
      this.#log.changed.notify();
    }
  }
}

/** The texts of all messages in the lobby, as a guest of this name reads them page by page. */
export async function readLobby(url: string, name: string): Promise<string[]> {
  const client = await connect(url, { name });
  const lobby = await lobbyOf(client);
  const texts: string[] = [];
  for (let index = 1; ; index++) {
    const { entries, total } = await client.getPage(lobby, { view: 'asc', page: index, size: PAGE });
    texts.push(...entries.map((entry) => ('text' in entry ? entry.text : '(deleted)')));
    if (index * PAGE >= total) break;
  }
  await client.close();
  return texts;
}

async function lobbyOf(client: Client): Promise<Room> {
  const { entries } = await client.getPage(client.keys.rooms);
  const lobby = entries.find(({ name }) => name === 'lobby')?.key;
  if (lobby === undefined) throw new Error('there is no lobby');
  return lobby;
}

/** A WebSocket that goes where `where` says, whatever it was told. */
function socketTo(where: () => string): typeof WebSocket {
  return class extends WebSocket {
    constructor() {
      super(where());
    }
  };
}
