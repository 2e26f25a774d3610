import { protocols } from '../../src/protocols/index.ts';
import { FakeClock } from '../../testing/clock.ts';
import { openTestApp } from '../../testing/app.ts';
import * as registry from './registry.ts';
import type { RegisterMethod, Outcome, LoginMethod } from './login-method.ts';

const registered: readonly LoginMethod[] = Object.values(registry);

/** The login methods of all protocols, in the order of the server's list. A test fails while one is missing. */
export const loginMethods: readonly LoginMethod[] = protocols.flatMap(
  ({ name }) => registered.find(({ protocol }) => protocol === name) ?? [],
);

/** Those of the protocols that can make accounts. */
export const registerMethods: readonly RegisterMethod[] = loginMethods.filter(
  (method): method is LoginMethod & RegisterMethod => 'register' in method,
);

/** An app in this process, and clients that send once on a new connection each. */
export async function openLoginApp() {
  const clock = new FakeClock();
  const app = await openTestApp({ clock });
  const exchange = async (protocol: string, address: string, bytes: Uint8Array): Promise<Uint8Array> => {
    const { peer } = app.connect(protocol, { address });
    peer.send(bytes);
    await app.settle();
    const answer = peer.take();
    peer.close();
    await app.settle();
    return answer;
  };
  const tryLogin = async (method: LoginMethod, address: string, password: string, name = 'alice'): Promise<Outcome> =>
    method.outcome(await exchange(method.protocol, address, method.login(name, password)));
  return { clock, app, exchange, tryLogin };
}
