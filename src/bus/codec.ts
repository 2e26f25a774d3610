import type { BusMessage } from '../core/model/bus-message.ts';
import type { Subject } from '../core/ports.ts';
import { parseJson } from '../lib/json.ts';
import { err, ok, type Result } from '../lib/result.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';
import { isMessageOn } from './message-schema.ts';

/** No key takes fewer bytes than `"":0`, so only the size limits them. */
const MAX_KEYS = MAX_MESSAGE_BYTES / 4;

/** A message as it crosses a network: JSON in UTF-8. */
export function encodeMessage(message: BusMessage): Uint8Array {
  return Buffer.from(JSON.stringify(message));
}

/** Reads what a network brought on a subject, whoever sent it; the error is a reason that repeats none of it. */
export function decodeMessage(subject: Subject, bytes: Uint8Array): Result<BusMessage, string> {
  if (bytes.length > MAX_MESSAGE_BYTES) return err('too large'); // BUS-10
  const parsed = parseJson(bytes, MAX_KEYS); // BUS-10
  if (!parsed.ok) return err(parsed.error.reason);
  return isMessageOn(subject, parsed.value) ? ok(parsed.value) : err('not a message on this subject'); // BUS-10 BUS-13
}
