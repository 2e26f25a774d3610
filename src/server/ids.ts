import { randomBytes, randomUUID } from 'node:crypto';
import type { Clock, Ids } from '../core/ports.ts';

const COUNTERS = 2 ** 12;
/** Ids of so many milliseconds ahead of the clock still ascend; more is a clock that was wrong, which marks no later id. */
const AHEAD_MS = 1_000;
/** Random bytes are drawn so many at once: one call of the system's source takes longer than all that is made of its bytes. */
const DRAWN = 4_096;

/**
 * Ids from the system's random source. Message ids are UUIDv7 (RFC 9562, 6.2 method 1). They ascend within the process, even
 * when many are made in one millisecond, or the clock goes back by a second; if it goes back further, they do too.
 */
export function systemIds(clock: Pick<Clock, 'now'>): Ids {
  let time = 0;
  let counter = 0;
  let drawn = randomBytes(DRAWN);
  let used = 0;

  /** Bytes that were never given out before. */
  function random(size: number): Buffer {
    if (used + size > DRAWN) {
      drawn = randomBytes(DRAWN);
      used = 0;
    }
    used += size;
    return drawn.subarray(used - size, used);
  }

  function message(): string {
    const bytes = random(10);
    const now = Math.max(0, clock.now());
    if (now > time || now < time - AHEAD_MS) {
      // SERVER-150
      time = now;
      counter = bytes.readUInt16BE(0) % (COUNTERS / 2);
    } else if (++counter === COUNTERS) {
      time++;
      counter = 0;
    }
    const stamp = time.toString(16).padStart(12, '0');
    const variant = (0x80 | (bytes.readUInt8(2) & 0x3f)).toString(16);
    const tail = bytes.toString('hex', 3);
    return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant}${tail.slice(0, 2)}-${tail.slice(2)}`;
  }

  function integer(): number {
    for (;;) {
      const drawn = Number(random(8).readBigUInt64BE() >> 11n);
      if (drawn > 0) return drawn;
    }
  }

  return {
    message,
    integer,
    identity: () => random(16).toString('hex'),
    secret: () => randomUUID(), // WORLD-90
    code: () => random(16).toString('base64url'), // WORLD-261
  };
}
