import { seededRandom } from '../../testing/random.ts';
import { LoginClient } from './login-client.ts';
import { mean, median, welchT } from './statistics.ts';
import { KNOWN, type Target, UNKNOWN } from './with-server.ts';

const WARM_UP = 5;
/** Fewer pairs may agree by chance. */
const LEAST = 12;

/** What a wrong password took for the name that there is, and for the one that there is not, in milliseconds. */
type Pair = { readonly known: number; readonly unknown: number };

export type TimingReport = {
  readonly known: readonly number[];
  readonly unknown: readonly number[];
  /** How far the medians lie apart, as a part of the mean. */
  readonly apart: number;
  readonly t: number;
};

/** Times wrong passwords for each of the two names, one after the other, in pairs of random order. */
async function* timedPairs(target: Target, seed: number): AsyncGenerator<Pair, never, void> {
  const random = seededRandom(seed);
  const client = await LoginClient.connect(target.port);
  const timed = async (name: string, attempt: number) => {
    const { result, ms } = await client.tryLogin(name, `guess ${attempt}`);
    if (result !== 401) throw new Error(`a wrong password for ${name} had the result ${result}`);
    return ms;
  };
  try {
    for (let attempt = -WARM_UP; ; attempt++) {
      const pair = { known: 0, unknown: 0 };
      for (const [key, name] of random.shuffle([['known', KNOWN] as const, ['unknown', UNKNOWN] as const])) {
        pair[key] = await timed(name, attempt);
      }
      if (attempt >= 0) yield pair;
    }
  } finally {
    client.end();
  }
}

/** So many pairs, compared. */
export async function timeNames(target: Target, pairs: number, seed: number): Promise<TimingReport> {
  const known: number[] = [];
  const unknown: number[] = [];
  for await (const pair of timedPairs(target, seed)) {
    known.push(pair.known);
    unknown.push(pair.unknown);
    if (known.length === pairs) break;
  }
  const apart = Math.abs(median(known) - median(unknown)) / mean([...known, ...unknown]);
  return { known, unknown, apart, t: welchT(known, unknown) };
}

/**
 * How many times longer the slower name takes, by the fastest of each. Other work on the machine only adds to a time, so
 * pairs are timed until the two agree within `enough`, or for `most` pairs: names that really differ never agree.
 */
export async function compareFastest(target: Target, enough: number, most: number, seed: number): Promise<number> {
  let known = Number.POSITIVE_INFINITY;
  let unknown = Number.POSITIVE_INFINITY;
  let pairs = 0;
  for await (const pair of timedPairs(target, seed)) {
    known = Math.min(known, pair.known);
    unknown = Math.min(unknown, pair.unknown);
    pairs++;
    if (pairs >= LEAST && (Math.max(known, unknown) <= enough * Math.min(known, unknown) || pairs >= most)) break;
  }
  return Math.max(known, unknown) / Math.min(known, unknown);
}
