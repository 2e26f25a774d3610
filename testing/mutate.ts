import type { SeededRandom } from './random.ts';

/** Makes one to three changes to one of the seeds: removes bytes, changes one, or inserts a splice or another seed. */
export function mutate(
  random: SeededRandom,
  seeds: readonly Uint8Array[],
  splices: readonly string[],
): Uint8Array<ArrayBuffer> {
  const bytes = [...random.pick(seeds)];
  for (let change = random.below(3); change >= 0; change--) {
    const at = random.below(bytes.length + 1);
    const kind = random.below(4);
    if (kind === 0) bytes.splice(at, random.below(8));
    else if (kind === 1) bytes.splice(at, 1, random.below(256));
    else bytes.splice(at, 0, ...(kind === 2 ? Buffer.from(random.pick(splices)) : random.pick(seeds)));
  }
  return Uint8Array.from(bytes);
}
