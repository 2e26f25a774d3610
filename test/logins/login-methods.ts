import { protocols } from '../../src/protocols/index.ts';
import { FakeClock } from '../../testing/clock.ts';
import { openTestApp } from '../../testing/app.ts';
import * as registry from './registry.ts';
import type { Maker, Outcome, Way } from './login-method.ts';

const known: readonly Way[] = Object.values(registry);

/** By every protocol of the server, in the order of these; a test fails while one is missing. */
export const ways: readonly Way[] = protocols.flatMap(
  ({ name }) => known.find(({ protocol }) => protocol === name) ?? [],
);

/** By those that make accounts. */
export const makers: readonly Maker[] = ways.filter((way): way is Way & Maker => 'register' in way);

/** A house in which somebody asks once on each connection. */
export async function openedHouse() {
  const clock = new FakeClock();
  const app = await openTestApp({ clock });
  /** Sends bytes on a new connection and returns what comes back. */
  const say = async (protocol: string, address: string, bytes: Uint8Array): Promise<Uint8Array> => {
    const { peer } = app.connect(protocol, { address });
    peer.send(bytes);
    await app.settle();
    const answer = peer.take();
    peer.close();
    await app.settle();
    return answer;
  };
  const tryOnce = async (way: Way, address: string, password: string, name = 'alice'): Promise<Outcome> =>
    way.outcome(await say(way.protocol, address, way.login(name, password)));
  return { clock, app, say, tryOnce };
}
