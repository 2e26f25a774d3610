import assert from 'node:assert/strict';
import type { FakeClock } from '../clock.ts';

type Socket = { drop(): void };

/** What a client library does after a lost connection: it tries again after half of 250 ms, doubled up to 30 s. */
export function checkDelays(client: {
  readonly clock: FakeClock;
  readonly sockets: readonly Socket[];
  latest(): Socket;
}): void {
  const { clock, sockets } = client;
  client.latest().drop();
  for (const most of [250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
    const before = sockets.length;
    clock.advance(most / 2 - 1);
    assert.equal(sockets.length, before, `${most}`);
    clock.advance(1);
    assert.equal(sockets.length, before + 1, `${most}`);
    client.latest().drop();
  }
}
