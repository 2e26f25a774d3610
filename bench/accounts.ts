import { randomBytes } from 'node:crypto';
import { type Step, tcp } from './carriers.ts';
import { Idler } from './idler.ts';

/** They are slow to make, so that many connections share them. */
const ACCOUNTS = 50;
const LONGEST = 255;
const MEMORY_BYTES = 4_096;

/**
 * Makes new accounts and logs each in once, by msgpack; returns how a connection comes in to one of them: it shows the token, as
 * clients do that connect again, with a request that changes nothing.
 */
export async function accounts(port: number): Promise<(index: number) => Step> {
  const set = randomBytes(4).toString('hex');
  const known = await Promise.all(
    Array.from({ length: ACCOUNTS }, async (_, index) => {
      const name = `member${index}-${set}`;
      return { name, token: await tokenOf(port, name) };
    }),
  );
  return (index) => {
    const account = known[index % ACCOUNTS];
    if (account === undefined) throw new RangeError(`${index} is no number of a connection`);
    return { say: packed('join_group', account.name, account.token, 'lobby'), until: /response\xc3$/ };
  };
}

async function tokenOf(port: number, name: string): Promise<string> {
  const idler = await Idler.connect(port, '127.0.0.1', Buffer.alloc(MEMORY_BYTES), { heard: () => {}, lost: () => {} });
  await idler.ask({ say: tcp.frame(packed('register', name, 'a password')), until: /response\xc3$/ });
  const answer = await idler.ask({ say: tcp.frame(packed('login', name, 'a password')), until: /[0-9a-f-]{36}$/ });
  idler.close();
  return answer.slice(-36);
}

/** Strings of MessagePack, one behind the other (`str 8`). */
function packed(...texts: readonly string[]): Uint8Array {
  return Buffer.concat(
    texts.map((text) => {
      const bytes = Buffer.from(text);
      if (bytes.length > LONGEST) throw new RangeError('the load sends short strings only');
      return Buffer.concat([Buffer.from([0xd9, bytes.length]), bytes]);
    }),
  );
}
