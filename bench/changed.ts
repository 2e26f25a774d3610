import { type Spread, spread } from './deliveries.ts';
import { startParlance } from './servers.ts';
import { type ChangedRound, SubscribedRoom } from './subscribed-room.ts';

/** What one message costs in a room that many sessions are subscribed to, until all of them have the patch of their page. */
export type ChangedFigures = { readonly [F in keyof ChangedRound]: Spread };

export type ChangedPlan = { readonly sessions: number; readonly messages: number; readonly rounds: number };

/** Messages before the first round, in which the server's code becomes fast. */
const WARM_UP = 20;

/** Measures several rounds of messages on one server. */
export async function measureChanged(
  { sessions, messages, rounds }: ChangedPlan,
  progress: (line: string) => void,
): Promise<ChangedFigures> {
  const server = await startParlance();
  try {
    progress(`changed: ${sessions} accounts register and log in`);
    const room = await SubscribedRoom.open(server, sessions);
    await room.round(WARM_UP);
    const measured: ChangedRound[] = [];
    for (let round = 1; round <= rounds; round++) {
      progress(`changed, round ${round} of ${rounds}`);
      measured.push(await room.round(messages));
    }
    room.close();
    return figuresOf(measured);
  } finally {
    await server.stop();
  }
}

function figuresOf(rounds: readonly ChangedRound[]): ChangedFigures {
  const over = (figure: keyof ChangedRound) => spread(rounds.map((round) => round[figure]));
  return {
    cost: over('cost'),
    median: over('median'),
    slowest: over('slowest'),
    received: over('received'),
    sent: over('sent'),
  };
}
