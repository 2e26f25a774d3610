import { seededRandom } from '../../testing/random.ts';
import { LoginClient } from './login-client.ts';
import { mean, median, welchT } from './statistics.ts';
import { KNOWN, type Target, UNKNOWN } from './with-server.ts';

const WARM_UP = 5;

export type TimingReport = {
  /** The times of wrong passwords for a name that there is, and for one that there is not, in milliseconds. */
  readonly known: readonly number[];
  readonly unknown: readonly number[];
  /** How far the medians lie apart, as a part of the mean. */
  readonly apart: number;
  readonly t: number;
};

/** Times so many wrong passwords for each of the two names, one after the other, in pairs of random order. */
export async function timeNames(target: Target, pairs: number, seed: number): Promise<TimingReport> {
  const random = seededRandom(seed);
  const client = await LoginClient.connect(target.port);
  const times = new Map<string, number[]>([KNOWN, UNKNOWN].map((name) => [name, []]));
  for (let pair = -WARM_UP; pair < pairs; pair++) {
    for (const name of random.shuffle([KNOWN, UNKNOWN])) {
      const { result, ms } = await client.tryLogin(name, `guess ${pair}`);
      if (result !== 401) throw new Error(`a wrong password for ${name} had the result ${result}`);
      if (pair >= 0) times.get(name)?.push(ms);
    }
  }
  client.end();
  const known = times.get(KNOWN) ?? [];
  const unknown = times.get(UNKNOWN) ?? [];
  const apart = Math.abs(median(known) - median(unknown)) / mean([...known, ...unknown]);
  return { known, unknown, apart, t: welchT(known, unknown) };
}
