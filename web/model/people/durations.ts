const MINUTE_MS = 60_000;
/** The end of a mute that is for good, as the server writes it. */
const FOR_GOOD = 253_402_300_799_999;

/** For how long somebody is muted or banned. */
export type Duration = 'minutes' | 'hour' | 'day' | 'for-good';

const MINUTES = { minutes: 10, hour: 60, day: 24 * 60 } as const;

/** When it ends, in milliseconds since 1970; null for good. */
export function endAfter(duration: Duration, now: number): number | null {
  return duration === 'for-good' ? null : now + MINUTES[duration] * MINUTE_MS;
}

/** The end of a mute, as it is told to the server. */
export function muteEnd(duration: Duration, now: number): number {
  return endAfter(duration, now) ?? FOR_GOOD;
}

/** How a mute stands that ends then: over or none at all, with an end, or for good. */
export function muteState(until: number | null, now: number): 'none' | 'until' | 'for-good' {
  if (until === null || until <= now) return 'none';
  return until >= FOR_GOOD ? 'for-good' : 'until';
}
