import type { CommandServices } from '../../core/services/once.ts';
import type { World } from '../../core/world.ts';
import { ok } from '../../lib/result.ts';
import type { IdResult } from './id-commands.ts';
import { keyOf, readKept, type RepeatedRequests, type RequestName, scopeOf, writeKept } from './repeated-requests.ts';
import type { Done } from './session-api.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** The request that a command belongs to, among those of its session; without a name it cannot be repeated. */
export type NamedRequest = {
  readonly world: World;
  readonly now: number;
  readonly requests: RepeatedRequests | null;
  readonly name: RequestName | null;
};

/**
 * Runs a command so that its result is kept in the same commit, if its request has a name. If storage turns out to have the result
 * of an earlier connection, nothing is done, and `done` gets that. `resultOf` says what is kept of the value that was decided.
 */
export function runOnce(
  request: NamedRequest,
  resultOf: (value: unknown) => IdResult,
  run: (services: CommandServices, done: Done<IdResult>) => void,
  done: Done<IdResult>,
): void {
  const { world, now, requests, name } = request;
  if (name === null || requests === null) return run(world, done);
  const settle = requests.begin(name);
  const finish: Done<IdResult> = (result) => {
    settle(result);
    done(result);
  };
  let isRepeated = false;
  const once = {
    scope: scopeOf(name),
    key: keyOf(name),
    digest: '',
    expires: now + DAY_MS, // CONN-150
    write: (value: unknown) => writeKept(name, resultOf(value)),
    repeated(_digest: string, text: string, refuse: () => void) {
      isRepeated = true;
      refuse();
      const first = readKept(name, text);
      if (first !== null) return finish(ok(first)); // CONN-150
      const next = { ...name, count: name.count + 1 };
      runOnce({ ...request, name: next }, resultOf, run, finish); // CONN-152
    },
  };
  run(world.once(once), (result) => {
    if (!isRepeated) finish(result);
  });
}
