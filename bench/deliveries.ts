import { LoadedRoom } from './room.ts';
import { serverStarters } from './servers.ts';

/** A figure over several rounds: its noise is part of the result. */
export type Spread = { readonly median: number; readonly low: number; readonly high: number };

export type DeliveryFigures = { readonly busy: Spread; readonly single: Spread; readonly rate: Spread };

export type Plan = { readonly members: number; readonly milliseconds: number; readonly rounds: number };

const WARM_UP_MS = 500;

/** Measures every server in turn, round after round, so that a slow moment of the machine affects all of them. */
export async function measureDeliveries(
  plan: Plan,
  progress: (line: string) => void,
): Promise<Map<string, DeliveryFigures>> {
  const busy = new Map<string, number[]>();
  const single = new Map<string, number[]>();
  const rate = new Map<string, number[]>();
  for (let round = 1; round <= plan.rounds; round++)
    for (const [name, start] of serverStarters) {
      progress(`round ${round} of ${plan.rounds}: ${name}`);
      const server = await start();
      const room = await LoadedRoom.fill(server, plan.members);
      await room.talk(64, WARM_UP_MS);
      const many = await room.talk(64, plan.milliseconds);
      const one = await room.talk(1, plan.milliseconds);
      note(busy, name, many.microseconds);
      note(rate, name, many.perSecond);
      note(single, name, one.microseconds);
      room.close();
      await server.stop();
    }
  return new Map(
    [...busy.keys()].map((name) => [
      name,
      { busy: spread(busy.get(name)), single: spread(single.get(name)), rate: spread(rate.get(name)) },
    ]),
  );
}

export function spread(figures: readonly number[] = []): Spread {
  const sorted = figures.toSorted((a, b) => a - b);
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const last = sorted.length - 1;
  return { median: (at(Math.floor(last / 2)) + at(Math.ceil(last / 2))) / 2, low: at(0), high: at(last) };
}

function note(figures: Map<string, number[]>, name: string, figure: number): void {
  figures.set(name, [...(figures.get(name) ?? []), figure]);
}
