import assert from 'node:assert/strict';
import { chmodSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { FakeClock } from '../../../testing/clock.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';
import type { LogFields } from '../../core/ports.ts';
import { CertificateKeeper } from './keeper.ts';
import { type CertificatePair, loadCertificate } from './pair.ts';

const DAY_MS = 86_400_000;
const NOW = new FakeClock().now();
const YEAR = { from: NOW - DAY_MS, to: NOW + 365 * DAY_MS };
const [first, second] = [await selfSignedCertificate(YEAR), await selfSignedCertificate(YEAR)];

type Pem = { readonly cert: string; readonly key: string };
type Line = LogFields & { readonly event: string };

/** A keeper of two files, with a fake clock. */
class Kept {
  readonly clock = new FakeClock();
  readonly used: CertificatePair[] = [];
  readonly lines: Line[] = [];
  readonly folder: string;
  readonly files: { readonly cert: string; readonly key: string };
  readonly keeper: CertificateKeeper;

  /** `meanwhile` happens between the reading of the files and the first look at them. */
  constructor(t: TestContext, pem: Pem, meanwhile: (kept: Kept) => void = () => {}) {
    this.folder = temporaryDirectory(t);
    this.files = { cert: join(this.folder, 'cert.pem'), key: join(this.folder, 'key.pem') };
    this.write(pem);
    const loaded = loadCertificate({ tls: this.files });
    assert.ok(loaded);
    meanwhile(this);
    const add = (event: string, fields: LogFields = {}) => void this.lines.push({ event, ...fields });
    const use = (pair: CertificatePair) => void this.used.push(pair);
    this.keeper = new CertificateKeeper({
      ...loaded,
      use,
      clock: this.clock,
      log: { info: add, warn: add, error: add },
    });
    t.after(() => this.keeper.close());
  }

  readonly write = ({ cert, key }: Partial<Pem>): void => {
    if (cert !== undefined) writeFileSync(this.files.cert, cert);
    if (key !== undefined) writeFileSync(this.files.key, key);
  };

  /** Lets the keeper look at the files so many times, a second apart. */
  async look(times: number): Promise<void> {
    for (let looks = 0; looks < times; looks++) {
      await this.#looked();
      this.clock.advance(1_000);
    }
    await this.#looked();
  }

  /** The events that were logged since the last call. */
  events(): string[] {
    return this.lines.splice(0).map(({ event }) => event);
  }

  get inUse(): string {
    return String(this.used.at(-1)?.cert ?? first.cert);
  }

  /** Resolves when the timers of the day and of the next look are set. */
  async #looked(): Promise<void> {
    while (this.clock.timers < 2) await new Promise((done) => setImmediate(done));
  }
}

test('SERVER-121 the certificate in use is logged with its names, its end and its hash', async (t) => {
  const kept = new Kept(t, first);
  const { sha256, ...rest } = kept.lines[0] ?? assert.fail('no line');
  const names = 'DNS:localhost, IP Address:127.0.0.1';
  assert.deepEqual(rest, { event: 'certificate', names, ends: new Date(YEAR.to).toISOString() });
  assert.match(String(sha256), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test('SERVER-122 changed files are loaded within two seconds, unchanged ones are not', async (t) => {
  const kept = new Kept(t, first);
  await kept.look(5);
  assert.deepEqual([kept.used.length, kept.events()], [0, ['certificate']]);
  kept.write(second);
  await kept.look(2);
  assert.deepEqual([kept.inUse, kept.events()], [second.cert, ['certificate']]);
  await kept.look(5);
  assert.deepEqual([kept.used.length, kept.events()], [1, []]);
});

test('SERVER-122 a change is seen however it is made: a file or a folder of links in place of the old one', async (t) => {
  const kept = new Kept(t, first);
  await kept.look(2);
  for (const name of ['cert', 'key'] as const) {
    writeFileSync(`${kept.files[name]}.new`, second[name]);
    renameSync(`${kept.files[name]}.new`, kept.files[name]);
  }
  await kept.look(2);
  assert.equal(kept.inUse, second.cert);
  for (const name of ['cert', 'key'] as const) {
    const archived = join(kept.folder, `${name}1.pem`);
    writeFileSync(archived, first[name]);
    rmSync(kept.files[name]);
    symlinkSync(archived, kept.files[name]);
  }
  await kept.look(2);
  assert.deepEqual([kept.inUse, kept.used.length], [first.cert, 2]);
});

test('SERVER-122 a change while the server starts is not missed', async (t) => {
  const kept = new Kept(t, first, ({ write }) => write(second));
  await kept.look(2);
  assert.equal(kept.inUse, second.cert);
});

const joined = ({ cert, key }: Pem) => `${key}\n${cert}\n`;

test('SERVER-122 one file may hold both', async (t) => {
  const kept = new Kept(t, { cert: joined(first), key: joined(first) });
  kept.write({ cert: joined(second), key: joined(second) });
  await kept.look(2);
  assert.equal(kept.inUse, joined(second));
});

test('SERVER-122 SIGHUP loads at once, whether the files changed or not', async (t) => {
  const kept = new Kept(t, first);
  kept.write(second);
  kept.keeper.reload();
  assert.equal(kept.inUse, second.cert);
  kept.keeper.reload();
  await kept.look(3);
  assert.deepEqual(kept.events(), ['certificate', 'certificate', 'certificate']);
});

const expired = await selfSignedCertificate({ from: NOW - 2 * DAY_MS, to: NOW - 1_000 });
const early = await selfSignedCertificate({ from: NOW + 2 * DAY_MS, to: NOW + 99 * DAY_MS });
const half = (text: string) => text.slice(0, text.length / 2);
const unfitPairs: readonly (readonly [what: string, pem: Partial<Pem>, reason: RegExp])[] = [
  ['a certificate without its new key', { cert: second.cert }, /cannot be used together/],
  ['a key without its new certificate', { key: second.key }, /cannot be used together/],
  ['half a certificate', { cert: half(second.cert), key: second.key }, /cannot be used together/],
  ['half a key', { cert: second.cert, key: half(second.key) }, /cannot be used together/],
  ['half a chain', { cert: second.cert + half(first.cert), key: second.key }, /cannot be used together/],
  ['nothing', { cert: '', key: '' }, /cannot be used together/],
  ['a key in place of the certificate', { cert: second.key, key: second.key }, /cannot be used together/],
  ['an expired certificate', expired, /cert\.pem has expired 2025-12-31T23:59:59/],
  ['a certificate of later', early, /cert\.pem is not valid before 2026-01-03/],
];
for (const [what, pem, reason] of unfitPairs) {
  test(`SERVER-123 an unfit pair is refused in the log, and the old one stays: ${what}`, async (t) => {
    const kept = new Kept(t, first);
    await kept.look(1);
    kept.events();
    kept.write(pem);
    await kept.look(5);
    const [line] = kept.lines;
    assert.deepEqual([kept.used, kept.events()], [[], ['certificate-refused']]);
    assert.match(String(line?.reason), reason);
    assert.match(String(line?.keeps), /^the certificate in use stays; it ends 2027-01-01/);
    kept.write(second);
    await kept.look(2);
    assert.equal(kept.inUse, second.cert);
  });
}

test('SERVER-123 files that vanish or cannot be read are refused once, and loaded when they are back', async (t) => {
  const kept = new Kept(t, first);
  await kept.look(1);
  kept.events();
  rmSync(kept.files.key);
  await kept.look(5);
  assert.match(String(kept.lines[0]?.reason), /tls\.key: .*key\.pem cannot be read \(ENOENT/);
  assert.deepEqual(kept.events(), ['certificate-refused']);
  kept.write(second);
  chmodSync(kept.files.key, 0o600);
  await kept.look(2);
  assert.equal(kept.inUse, second.cert);
});

test('SERVER-123 a pair that no port can use is refused', (t) => {
  const kept = new Kept(t, first);
  kept.used.push = () => {
    throw new Error('no');
  };
  kept.keeper.reload();
  assert.deepEqual(kept.events(), ['certificate', 'certificate-refused']);
});

test('SERVER-123 a certificate that was not yet valid is tried again each day', async (t) => {
  const kept = new Kept(t, first);
  kept.write(early);
  kept.keeper.reload();
  for (let day = 0; day < 3; day++) kept.clock.advance(DAY_MS);
  assert.equal(kept.inUse, early.cert);
});

test('SERVER-124 from 14 days before its end a certificate is warned about, at the start and each day', async (t) => {
  const kept = new Kept(t, await selfSignedCertificate({ from: NOW - DAY_MS, to: NOW + 15 * DAY_MS + 1_000 }));
  const days = () => {
    const warnings = kept.lines.splice(0).filter(({ event }) => event !== 'certificate');
    return warnings.map(({ event, days }) => [event, days]);
  };
  assert.deepEqual(days(), []);
  kept.clock.advance(DAY_MS);
  assert.deepEqual(days(), []);
  for (let left = 14; left >= 0; left--) {
    if (left < 14) assert.deepEqual(days(), [['certificate-ends-soon', left]]);
    kept.clock.advance(DAY_MS);
  }
  assert.deepEqual(days(), [['certificate-expired', -1]]);
  const again = new Kept(t, await selfSignedCertificate({ from: NOW - 9 * DAY_MS, to: NOW - DAY_MS }));
  assert.deepEqual(again.events(), ['certificate', 'certificate-expired']);
});
