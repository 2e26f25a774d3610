import type { Subject } from '../../core/ports.ts';

/** The name of a subject on NATS: `room/12` is `parlance.room.12`. */
export function natsSubject(prefix: string, subject: Subject): string {
  return `${prefix}.${subject.replace('/', '.')}`; // BUS-21
}
