import { readdirSync } from 'node:fs';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ServerProcess } from '../../testing/server.ts';

/** Only a failing test waits so long, however busy the machine is. */
const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 20;

/** The number of connections, as the metrics tell it. */
export async function connectionsOf(server: ServerProcess): Promise<number> {
  const metrics = await new Promise<string>((resolve, reject) => {
    // Without an agent the connection is closed after the request.
    const request = get(`${server.http}/metrics`, { agent: false }, (response) => {
      text(response).then(resolve, reject);
    });
    request.on('error', reject);
  });
  return Number(/^parlance_connections (\d+)$/m.exec(metrics)?.[1]);
}

/** The number of open descriptors of the process. */
export async function descriptorsOf({ pid }: ServerProcess): Promise<number> {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Reads the number until it is as expected, for at most a minute; returns the last one. */
export async function eventually(read: () => Promise<number>, expected: number): Promise<number> {
  const end = performance.now() + TIMEOUT_MS;
  for (;;) {
    const value = await read();
    if (value === expected || performance.now() > end) return value;
    await pause(INTERVAL_MS);
  }
}
