import type { Platform } from '../../src/lib/platform.ts';
import * as c2 from '../../src/protocols/c2/client.ts';
import * as codechat from '../../src/protocols/codechat/client.ts';
import * as msgpack from '../../src/protocols/msgpack/client.ts';
import * as tagged from '../../src/protocols/tagged/client.ts';
import { PASSWORD } from '../matrix/driver.ts';
import type { ShownMessage } from './chaos-client.ts';

/** An event of a library; null for what these tests do not look at. */
export type LibraryEvent = 'online' | 'offline' | 'missed' | ShownMessage | null;

/** A client of a library, in words of no protocol. */
export type LibraryClient = {
  /** Sends to the lobby. */
  send(text: string): Promise<unknown>;
  close(): Promise<void>;
  events(): AsyncIterable<LibraryEvent>;
};

export type Entering = { readonly name: string; readonly isGuest: boolean; readonly platform: Partial<Platform> };

/** How these tests use the client library of one protocol. */
export type Library = {
  readonly protocol: string;
  /** Whether its people may have no account. */
  readonly hasGuests: boolean;
  /** Whether a message may be sent again without being posted twice. */
  readonly resends: boolean;
  connect(url: string, entering: Entering): Promise<LibraryClient>;
};

type AnyClient<Event> = AsyncIterable<Event> & { close(): Promise<void> };

function wrap<Event>(
  client: AnyClient<Event>,
  send: LibraryClient['send'],
  eventOf: (event: Event) => LibraryEvent,
): LibraryClient {
  async function* events() {
    for await (const event of client) yield eventOf(event);
  }
  return { send, events, close: () => client.close() };
}

/** The client's own events have equal names in all libraries. */
function own(name: string): 'online' | 'offline' | 'missed' | null {
  return name === 'online' || name === 'offline' || name === 'missed' ? name : null;
}

function optionsOf({ name, isGuest, platform }: Entering) {
  return { name, platform, ...(isGuest ? {} : { password: PASSWORD }) };
}

/** The client libraries that there are. */
export const libraries: readonly Library[] = [
  {
    protocol: 'c2',
    hasGuests: true,
    resends: false,
    async connect(url, entering) {
      const client = await c2.connect(url, optionsOf(entering));
      return wrap(
        client,
        (text) => client.send(text),
        (event) => (event.type === 'MSG' ? { author: event.username, text: event.text } : own(event.type)),
      );
    },
  },
  {
    protocol: 'codechat',
    hasGuests: true,
    resends: false,
    async connect(url, entering) {
      const client = await codechat.connect(url, optionsOf(entering));
      return wrap(
        client,
        (text) => client.send(text),
        (event) => (event.cmd === 'message' ? { author: event.user, text: event.msg } : own(event.cmd)),
      );
    },
  },
  {
    protocol: 'msgpack',
    hasGuests: false,
    resends: false,
    async connect(url, { name, platform }) {
      const client = await msgpack.connect(url, { name, platform, password: PASSWORD });
      return wrap(
        client,
        (text) => client.sendToGroup('lobby', text),
        (event) =>
          event.type === 'update msg_group' ? { author: event.sender, text: event.content } : own(event.type),
      );
    },
  },
  {
    protocol: 'tagged',
    hasGuests: false,
    resends: true,
    async connect(url, entering) {
      const client = await tagged.connect(url, optionsOf(entering));
      return wrap(
        client,
        (text) => client.chatGroup('lobby', text, { nonce: text }),
        (event) => (event.message === 'chat.group' ? { author: event.from, text: event.body } : own(event.message)),
      );
    },
  },
];
