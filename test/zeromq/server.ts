import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from '../../testing/server.ts';

/** Only a test that fails waits so long, however busy the machine is. */
const PATIENCE_MS = 60_000;
const BETWEEN_LOOKS_MS = 20;

/** On how many connections a protocol is spoken now. */
export async function connectionsOf(server: ServerProcess): Promise<number> {
  const metrics = await new Promise<string>((resolve, reject) => {
    // A connection of its own, which is gone after it.
    const request = get(`${server.http}/metrics`, { agent: false }, (response) => {
      text(response).then(resolve, reject);
    });
    request.on('error', reject);
  });
  return Number(/^parlance_connections (\d+)$/m.exec(metrics)?.[1]);
}

/** How many descriptors its process has open. */
export async function descriptorsOf({ pid }: ServerProcess): Promise<number> {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Looks again and again until it is as expected; what was seen last, after a minute. */
export async function eventually(look: () => Promise<number>, expected: number): Promise<number> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = await look();
    if (seen === expected || performance.now() > end) return seen;
    await pause(BETWEEN_LOOKS_MS);
  }
}
