import { createHash } from 'node:crypto';
import { FakeClock } from '../../testing/clock.ts';
import { openHouse } from '../../testing/house.ts';

/** Ways to log in that a protocol has: what to send, and what of the answer says what came of it. */
export type Way = {
  readonly protocol: string;
  login(name: string, password: string): string;
  outcome(answer: string): Outcome;
};
export type Outcome = 'in' | 'wrong' | 'wait';

export const tagged: Way = {
  protocol: 'tagged',
  login: (username, password) => JSON.stringify({ message: 'login', username, password: hashOf(password), tag: '1' }),
  outcome: (answer) => {
    const { result } = JSON.parse(answer.split('\n')[0] ?? '') as { readonly result: number };
    return result === 200 ? 'in' : result === 401 ? 'wrong' : 'wait';
  },
};

export const c2: Way = {
  protocol: 'c2',
  login: (name, password) => `c2/CONNECT ${name}; ${password}\n`,
  outcome: (answer) => {
    if (answer.startsWith('c2/ACKNOWLEDGE')) return 'in';
    return answer.includes('too fast') ? 'wait' : 'wrong';
  },
};

/** What tagged sends instead of a password. */
export function hashOf(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}

/** A house in which somebody asks once on each connection. */
export async function openedHouse() {
  const clock = new FakeClock();
  const house = await openHouse({ clock });
  /** Sends a text on a new connection and returns what comes back. */
  const say = async (protocol: string, address: string, text: string): Promise<string> => {
    const { peer } = house.connect(protocol, { address });
    peer.send(new TextEncoder().encode(text));
    await house.settle();
    const answer = new TextDecoder().decode(peer.take());
    peer.close();
    await house.settle();
    return answer;
  };
  const tryOnce = async (way: Way, address: string, password: string, name = 'alice'): Promise<Outcome> =>
    way.outcome(await say(way.protocol, address, way.login(name, password)));
  return { clock, house, say, tryOnce };
}
