import type { SeededRandom } from '../random.ts';
import { CLEAR, type Faults, type LineFaults } from './faults.ts';
import type { LineClock } from './delay-line.ts';
import type { ChaosProxy } from './proxy.ts';

/** Some faults that hold together for a while; `event` ends all connections at the beginning. */
export type Spell = {
  /** The names of the kinds that were drawn for it. */
  readonly kinds: readonly string[];
  readonly faults: Faults;
  readonly event: 'cut' | 'reset' | null;
  readonly ms: number;
};

/** What one kind of fault changes. A change of a line holds for one direction or both. */
type Change = { readonly line?: Partial<LineFaults>; readonly refuse?: true; readonly event?: 'cut' | 'reset' };

/** The most kinds in one spell. */
const TOGETHER = 3;
const MOST_BYTES = 3_000;

/** The kinds of faults, with the figures of a bad network for `scale` 1. A smaller scale shortens times and keeps the kinds. */
const KINDS: Readonly<Record<string, (random: SeededRandom, scale: number) => Change>> = {
  latency: (_, scale) => ({ line: { latencyMs: 500 * scale, jitterMs: 400 * scale } }),
  'single bytes': () => ({ line: { sliceBytes: 1 } }),
  slices: (random) => ({ line: { sliceBytes: 2 + random.below(40) } }),
  slow: (_, scale) => ({ line: { bytesPerSecond: 1_000 / scale } }),
  loss: (_, scale) => ({ line: { loss: 0.05, retransmitMs: 200 * scale } }),
  'much loss': (_, scale) => ({ line: { loss: 0.4, retransmitMs: 200 * scale } }),
  silence: () => ({ line: { silent: true } }),
  'cut later': () => ({ line: { ends: { by: 'cut', after: { min: 0, max: MOST_BYTES } } } }),
  'reset later': () => ({ line: { ends: { by: 'reset', after: { min: 0, max: MOST_BYTES } } } }),
  'cut now': () => ({ event: 'cut' }),
  'reset now': () => ({ event: 'reset' }),
  refuse: () => ({ refuse: true }),
  clear: () => ({}),
};

/** The names of all kinds of faults. */
export const WEATHER_KINDS: readonly string[] = Object.keys(KINDS);

/**
 * Draws so many spells of up to three kinds each, for one direction or both. Every kind comes once before any comes again. A
 * spell takes 1 to 5 s at scale 1.
 */
export function randomWeather(random: SeededRandom, spells: number, scale: number): Spell[] {
  let deck: string[] = [];
  const draw = () => {
    if (deck.length === 0) deck = random.shuffle(WEATHER_KINDS);
    return deck.pop() ?? 'clear';
  };
  return Array.from({ length: spells }, () => {
    const kinds = Array.from({ length: 1 + random.below(TOGETHER) }, draw);
    const calm: Spell = { kinds, faults: CLEAR, event: null, ms: (1_000 + random.below(4_000)) * scale };
    return kinds.reduce((spell, kind) => changed(spell, KINDS[kind]?.(random, scale) ?? {}, random), calm);
  });
}

function changed(spell: Spell, { line, refuse, event }: Change, random: SeededRandom): Spell {
  const { up, down } = spell.faults;
  const where = random.pick(['up', 'down', 'both']);
  const faults = {
    up: where === 'down' ? up : { ...up, ...line },
    down: where === 'up' ? down : { ...down, ...line },
    refuse: refuse ?? spell.faults.refuse,
  };
  return { ...spell, faults, event: event ?? spell.event };
}

/** Lets a proxy go through this weather, and heals it. */
export async function playWeather(proxy: ChaosProxy, spells: readonly Spell[], clock: LineClock): Promise<void> {
  for (const { faults, event, ms } of spells) {
    proxy.set(faults);
    if (event !== null) proxy[event]();
    await new Promise<void>((over) => clock.after(ms, over));
  }
  proxy.heal();
}
