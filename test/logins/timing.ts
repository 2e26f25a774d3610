import { seededRandom } from '../../testing/random.ts';
import { LoginClient } from './login-client.ts';
import { mean, median, welchT } from './statistics.ts';
import { KNOWN, type Target, UNKNOWN } from './with-server.ts';

const WARM_UP = 5;
/** Fewer pairs may agree by chance. */
const MIN_PAIRS = 12;

/** The duration of a wrong password for the known name and for the unknown one, in milliseconds. */
type Pair = { readonly known: number; readonly unknown: number };

export type TimingReport = {
  readonly known: readonly number[];
  readonly unknown: readonly number[];
  /** The distance of the medians, as a part of the mean. */
  readonly distance: number;
  readonly t: number;
};

/** Times wrong passwords for the two names, in pairs of random order. */
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

export async function timeNames(target: Target, pairs: number, seed: number): Promise<TimingReport> {
  const known: number[] = [];
  const unknown: number[] = [];
  for await (const pair of timedPairs(target, seed)) {
    known.push(pair.known);
    unknown.push(pair.unknown);
    if (known.length === pairs) break;
  }
  const distance = Math.abs(median(known) - median(unknown)) / mean([...known, ...unknown]);
  return { known, unknown, distance, t: welchT(known, unknown) };
}

/**
 * The ratio of the fastest attempts for the two names. Other work on the machine only slows attempts down, so pairs are
 * timed until the ratio is at most `maxRatio`, or for `maxPairs` pairs: names that really differ never get there.
 */
export async function compareFastest(
  target: Target,
  maxRatio: number,
  maxPairs: number,
  seed: number,
): Promise<number> {
  let known = Number.POSITIVE_INFINITY;
  let unknown = Number.POSITIVE_INFINITY;
  let pairs = 0;
  for await (const pair of timedPairs(target, seed)) {
    known = Math.min(known, pair.known);
    unknown = Math.min(unknown, pair.unknown);
    pairs++;
    if (pairs >= MIN_PAIRS && (Math.max(known, unknown) <= maxRatio * Math.min(known, unknown) || pairs >= maxPairs))
      break;
  }
  return Math.max(known, unknown) / Math.min(known, unknown);
}
