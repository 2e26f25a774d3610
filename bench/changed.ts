import { type Spread, spread } from './deliveries.ts';
import { startReferenceServer } from './process.ts';
import { LoadedRoom } from './room.ts';
import { startParlance } from './servers.ts';
import { type ChangedRound, SubscribedRoom } from './subscribed-room.ts';

/** What one message costs in a room that many sessions are subscribed to, until all of them have the patch of their page. */
export type ChangedFigures = { readonly [F in keyof ChangedRound]: Spread } & {
  /** What one delivery of the minimal server costs in the same minutes, in CPU microseconds: says how fast the machine is. */
  readonly minimal: Spread;
};

export type ChangedPlan = { readonly sessions: number; readonly messages: number; readonly rounds: number };

/** Messages before the first round, in which the server's code becomes fast. */
const WARM_UP = 20;
const MINIMAL_MS = 1_000;

/** Measures several rounds of messages on one server, each followed by one of the minimal server. */
export async function measureChanged(
  { sessions, messages, rounds }: ChangedPlan,
  progress: (line: string) => void,
): Promise<ChangedFigures> {
  const server = await startParlance();
  const minimalServer = await startReferenceServer('minimal');
  try {
    progress(`changed: ${sessions} accounts register and log in`);
    const room = await SubscribedRoom.open(server, sessions);
    const minimalRoom = await LoadedRoom.fill(minimalServer, sessions);
    await room.round(WARM_UP);
    await minimalRoom.talk(1, MINIMAL_MS);
    const measured: ChangedRound[] = [];
    const minimal: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`changed, round ${round} of ${rounds}`);
      measured.push(await room.round(messages));
      minimal.push((await minimalRoom.talk(1, MINIMAL_MS)).microseconds);
    }
    room.close();
    minimalRoom.close();
    return { ...figuresOf(measured), minimal: spread(minimal) };
  } finally {
    await minimalServer.stop();
    await server.stop();
  }
}

function figuresOf(rounds: readonly ChangedRound[]): Omit<ChangedFigures, 'minimal'> {
  const over = (figure: keyof ChangedRound) => spread(rounds.map((round) => round[figure]));
  return {
    cost: over('cost'),
    median: over('median'),
    slowest: over('slowest'),
    received: over('received'),
    sent: over('sent'),
  };
}
