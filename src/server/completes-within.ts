import type { Clock } from '../core/ports.ts';

/** Resolves to whether the work is done within `ms`; rejects as the work does. */
export async function completesWithin(ms: number, clock: Pick<Clock, 'after'>, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const cancel = clock.after(ms, () => late.resolve(false)); // SERVER-52
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    cancel();
  }
}
