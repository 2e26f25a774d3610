import type { Clock } from '../../src/core/ports.ts';
import type { SeededRandom } from '../../testing/random.ts';
import type { ChaosClient } from './chaos-client.ts';
import { allInTime, type Deadline } from './in-time.ts';
import type { SentLog } from './sent-log.ts';

/** Messages that a client sends without waiting for each other. */
const PIPELINED = 2;

/** `paceMs` is the longest time between two messages. */
export type Pace = { readonly paceMs: number; readonly random: SeededRandom; readonly clock: Clock };

/** Sends numbered messages until `isOver`; resolves when the outcome of each is known. */
export async function sendUntil(
  isOver: () => boolean,
  client: ChaosClient,
  log: SentLog,
  { paceMs, random, clock }: Pace,
): Promise<void> {
  let count = 0;
  const sendOneAfterAnother = async () => {
    while (!isOver()) {
      const outcome = await log.send(client, `${client.name} ${++count}`);
      if (outcome === 'unsent') await client.online();
      await new Promise<void>((over) => clock.after(random.below(paceMs), over));
    }
  };
  await Promise.all(Array.from({ length: PIPELINED }, sendOneAfterAnother));
}

/**
 * On a network that works again: each client sends a last message, as often as it takes until one is acknowledged, and is
 * shown those of all others. Returns who could not do so in time.
 */
export async function sayLastWords(
  clients: readonly ChaosClient[],
  log: SentLog,
  deadline: Deadline,
): Promise<string[]> {
  const words = new Map<string, string>();
  const unsaid = await allInTime(clients, 'send a last message', deadline, async (client) => {
    words.set(client.name, await sendLast(client, log));
  });
  if (unsaid.length > 0) return unsaid;
  return allInTime(clients, 'see all last messages', deadline, async (client) => {
    for (const [name, text] of words) if (name !== client.name) await client.sees(text);
  });
}

async function sendLast(client: ChaosClient, log: SentLog): Promise<string> {
  for (let count = 1; ; count++) {
    await client.online();
    const text = `${client.name} last ${count}`;
    if ((await log.send(client, text)) === 'acknowledged') return text;
  }
}
