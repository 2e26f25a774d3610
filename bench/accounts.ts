import { randomBytes } from 'node:crypto';
import { type Exchange, tcp } from './client-transports.ts';
import { IdleConnection } from './idle-connection.ts';

/** Accounts are slow to make, so connections share this many. */
const ACCOUNTS = 50;
const LONGEST = 255;
const MEMORY_BYTES = 4_096;

/**
 * Makes accounts and logs each in once, by msgpack. Returns the login of each connection: a request that changes nothing, with
 * the token of one of the accounts, as from a client that connects again.
 */
export async function accounts(port: number): Promise<(index: number) => Exchange> {
  const suffix = randomBytes(4).toString('hex');
  const made = await Promise.all(
    Array.from({ length: ACCOUNTS }, async (_, index) => {
      const name = `member${index}-${suffix}`;
      return { name, token: await tokenOf(port, name) };
    }),
  );
  return (index) => {
    const account = made[index % ACCOUNTS];
    if (account === undefined) throw new RangeError(`${index} is not the number of a connection`);
    return { send: packed('join_group', account.name, account.token, 'lobby'), until: /response\xc3$/ };
  };
}

async function tokenOf(port: number, name: string): Promise<string> {
  const events = { onData: () => {}, onClose: () => {} };
  const client = await IdleConnection.connect(port, '127.0.0.1', Buffer.alloc(MEMORY_BYTES), events);
  await client.ask({ send: tcp.frame(packed('register', name, 'a password')), until: /response\xc3$/ });
  const answer = await client.ask({
    send: tcp.frame(packed('login', name, 'a password')),
    until: /[0-9a-f-]{36}$/,
  });
  client.close();
  return answer.slice(-36);
}

/** Consecutive MessagePack strings (`str 8`). */
function packed(...texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text);
      if (bytes.length > LONGEST) throw new RangeError('only short strings are supported');
      return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
    }),
  );
}
