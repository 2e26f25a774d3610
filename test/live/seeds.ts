import assert from 'node:assert/strict';
import { WEATHER_KINDS } from '../../testing/chaos/weather.ts';
import { TYPES } from '../versions/documents.ts';
import type { Tally } from '../versions/tally.ts';
import { tallySeeds } from '../seeds.ts';
import { runSeed } from './seed.ts';

/** In so many histories everything happens. */
const ENOUGH = 25;

/**
 * Runs so many seeds from the first one on, and returns what happened. Rejects at the first seed in which something is not fresh,
 * lost or posted twice, and if in 25 or more together something never happened; `done` is told each seed that was good.
 */
export async function runSeeds(first: number, count: number, done?: (seed: number) => void): Promise<Tally> {
  const tally = await tallySeeds(first, count, runSeed, done);
  if (count >= ENOUGH) checkEnough(tally);
  return tally;
}

/** Every kind of weather came, every type of document was watched, and requests had every outcome. */
function checkEnough(tally: Tally): void {
  const names = [
    ...WEATHER_KINDS.map((kind) => `weather: ${kind}`),
    ...TYPES.map((type) => `content of ${type}`),
    ...['room', 'rooms', 'members', 'fav', 'blocked', 'index', 'unit'].map((type) => `children of ${type}`),
    ...['posted', 'refused', 'unknown'].map((outcome) => `message: ${outcome}`),
    ...['done', 'refused', 'offline', 'unknown-outcome'].map((outcome) => `change: ${outcome}`),
    'connected: resumed',
    'connected: anew',
    'connection: offline',
  ];
  const missing = names.filter((name) => tally.of(name) === 0);
  assert.deepEqual(missing, [], `never happened: ${missing.join(', ')}; of this happened\n${tally.listed()}`);
}
