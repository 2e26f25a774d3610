import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { FakeClock } from '../clock.ts';
import { seededRandom } from '../random.ts';
import { CLEAR, type Faults, type LineFaults } from './faults.ts';
import type { ChaosProxy } from './proxy.ts';
import { playWeather, randomWeather, WEATHER_KINDS } from './weather.ts';

const draw = (seed: number, spells = 30, scale = 1) => randomWeather(seededRandom(seed), spells, scale);
const linesOf = ({ up, down }: Faults): readonly LineFaults[] => [up, down];

test('the weather is the same for the same seed, and another for another', () => {
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

test('every kind of fault comes, by itself and with others, in one direction and in both', () => {
  const spells = Array.from({ length: 50 }, (_, seed) => draw(seed)).flat();
  for (const kind of WEATHER_KINDS) {
    const lengths = new Set(spells.filter(({ kinds }) => kinds.includes(kind)).map(({ kinds }) => kinds.length));
    assert.deepEqual([...lengths].sort(), [1, 2, 3], kind);
  }
  const silent = spells.filter(({ faults }) => linesOf(faults).some((line) => line.silent));
  const where = new Set(silent.map(({ faults }) => linesOf(faults).map((line) => line.silent)).map(String));
  assert.deepEqual([...where].sort(), ['false,true', 'true,false', 'true,true']);
});

test('each kind changes what it is called', () => {
  const only = (kind: string) => {
    const spells = Array.from({ length: 50 }, (_, seed) => draw(seed)).flat();
    return spells.find(({ kinds }) => kinds.length === 1 && kinds[0] === kind) ?? assert.fail(kind);
  };
  const line = (kind: string) => linesOf(only(kind).faults).find((one) => one !== CLEAR.up) ?? assert.fail(kind);
  assert.deepEqual(only('clear').faults, CLEAR);
  assert.equal(only('refuse').faults.refuse, true);
  assert.deepEqual([only('cut now').event, only('reset now').event], ['cut', 'reset']);
  assert.deepEqual([line('latency').latencyMs, line('latency').jitterMs], [500, 400]);
  assert.equal(line('single bytes').sliceBytes, 1);
  assert.ok(line('slices').sliceBytes > 1);
  assert.equal(line('slow').bytesPerSecond, 1_000);
  assert.deepEqual([line('loss').loss, line('much loss').loss], [0.05, 0.4]);
  assert.equal(line('silence').silent, true);
  assert.deepEqual([line('cut later').ends?.by, line('reset later').ends?.by], ['cut', 'reset']);
});

test('a scale shortens times and keeps the kinds', () => {
  const [whole, short] = [draw(1), draw(1, 30, 0.1)];
  assert.deepEqual(
    short.map(({ kinds }) => kinds),
    whole.map(({ kinds }) => kinds),
  );
  const total = (spells: typeof whole) => spells.reduce((sum, { ms }) => sum + ms, 0);
  assert.ok(Math.abs(total(whole) / 10 - total(short)) < 1);
});

test('a proxy goes through the spells in turn and ends healed', async () => {
  const clock = new FakeClock();
  const log: string[] = [];
  const proxy = {
    set: ({ refuse }: Faults) => log.push(`${clock.monotonic()} ${refuse ? 'refuse' : 'set'}`),
    heal: () => log.push(`${clock.monotonic()} heal`),
    reset: () => log.push(`${clock.monotonic()} reset`),
  } as unknown as ChaosProxy;
  const playing = playWeather(
    proxy,
    [
      { kinds: [], faults: { ...CLEAR, refuse: true }, event: null, ms: 100 },
      { kinds: [], faults: CLEAR, event: 'reset', ms: 50 },
    ],
    clock,
  );
  for (const ms of [100, 50]) {
    clock.advance(ms);
    await setImmediate();
  }
  await playing;
  assert.deepEqual(log, ['0 refuse', '100 set', '100 reset', '150 heal']);
});
