import type { PersonId } from '../../core/model/ids.ts';
import type { Refusal } from '../../core/model/refusals.ts';
import type { World } from '../../core/world.ts';
import type { Result } from '../../lib/result.ts';

/** Ends tokens of a person, those that have ended already included; null once that is on disk, else why it is not. */
export async function revokeAll(world: World, person: PersonId, tokens: Iterable<string>): Promise<Refusal | null> {
  for (const token of tokens) {
    const result = await new Promise<Result<unknown, Refusal>>(
      (resolve) => void world.tokens.revoke(person, token, resolve),
    );
    if (!result.ok && result.error.type !== 'not-found') return result.error; // CONN-66
  }
  return null;
}
