import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { FakeClock } from '../../testing/clock.ts';
import { createLog, type LogOptions } from './log.ts';
import { readable } from './output/readable.ts';

function recording(level: LogOptions['level'] = 'info') {
  const clock = new FakeClock();
  const lines: string[] = [];
  const log = createLog({ level, clock, write: (line) => lines.push(line) });
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { clock, log, lines, parsed };
}

test('SERVER-20 each event is one line of JSON with level, time, event and fields', () => {
  const { log, lines, parsed } = recording();
  log.info('listening', { port: 5000, plain: true });
  log.warn('odd');
  log.error('bad', { reason: 'x' });
  assert.equal(
    lines[0],
    '{"level":"info","time":"2026-01-01T00:00:00.000Z","event":"listening","port":5000,"plain":true}\n',
  );
  assert.deepEqual(
    parsed().map(({ level }) => level),
    ['info', 'warn', 'error'],
  );
});

test('SERVER-20 events below the level are not logged', () => {
  const { log, parsed } = recording('warn');
  log.info('quiet');
  log.warn('loud');
  assert.deepEqual(
    parsed().map(({ event }) => event),
    ['loud'],
  );
});

test('SERVER-21 T43 any value becomes one line of printable characters and reads back', () => {
  const { log, lines, clock } = recording();
  const hostile = ['a\nb', '\u001b[2J', '\u009b1m', '\u2028\u2029', '\u202egnp', '\u{e0041}', '\0', '"},{"', '\ud800'];
  for (const reason of hostile) log.info('said', { reason });
  for (const line of lines) assert.match(line, /^[^\p{C}\p{Zl}\p{Zp}]*\n$/u);
  assert.equal(lines.length, hostile.length);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (reason) => {
      clock.advance(1_000);
      lines.length = 0;
      log.info('said', { reason });
      assert.match(lines[0] ?? '', /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]*\n$/u);
      assert.equal((JSON.parse(lines[0] ?? '') as { reason: string }).reason, reason);
    }),
  );
});

test('SERVER-22 T43 a value has at most 256 characters', () => {
  const { log, parsed } = recording();
  log.info('said', { reason: 'x'.repeat(256) });
  log.info('said', { reason: 'x'.repeat(257) });
  log.info('said', { reason: `${'x'.repeat(254)}😀😀` });
  const reasons = parsed().map(({ reason }) => reason);
  assert.deepEqual(reasons.slice(0, 2), ['x'.repeat(256), `${'x'.repeat(255)}…`]);
  assert.equal(reasons[2], `${'x'.repeat(254)}\ufffd…`);
});

test('SERVER-23 T43 a flood of one event gives 20 lines, then one a second that counts those left out; other events are not affected', () => {
  const { log, clock, parsed } = recording();
  for (let index = 0; index < 1_000; index++) log.warn('connection-refused', { index });
  assert.equal(parsed().length, 20);
  log.info('joined');
  assert.equal(parsed().at(-1)?.event, 'joined');
  clock.advance(1_000);
  log.warn('connection-refused', { index: 1_000 });
  assert.deepEqual(
    { ...parsed().at(-1), time: '' },
    {
      level: 'warn',
      time: '',
      event: 'connection-refused',
      index: 1_000,
      suppressed: 980,
    },
  );
  clock.advance(1_000);
  log.warn('connection-refused');
  assert.equal(parsed().at(-1)?.suppressed, undefined);
});

test('SERVER-24 at a terminal the time of day is that of the time zone', (t) => {
  const { log, lines } = recording();
  const { TZ } = process.env;
  t.after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  log.info('listening');
  for (const [zone, time] of Object.entries({
    UTC: '00:00:00',
    'Asia/Kolkata': '05:30:00',
    'America/New_York': '19:00:00',
  })) {
    process.env.TZ = zone;
    assert.equal(readable(lines[0] ?? ''), `${time} info  listening\n`);
  }
});

test('SERVER-24 at a terminal a line is time, level, event and fields, without control characters', () => {
  const { log, lines } = recording();
  log.warn('refused', { address: '192.0.2.1', reason: 'too many\u001b[2J\u009b', left: 3 });
  const here = new Date(Date.UTC(2026, 0, 1)).toTimeString().slice(0, 8);
  assert.equal(
    readable(lines[0] ?? ''),
    `${here} warn  refused address=192.0.2.1 reason="too many\\u001b[2J\\u009b" left=3\n`,
  );
});
