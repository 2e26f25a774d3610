import type { CloseKind } from '../link.ts';

export type FrameType = 'text' | 'binary';

const FINAL = 0x80;
const OPCODES: Record<FrameType, number> = { text: 0x1, binary: 0x2 };
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MAX_REASON_BYTES = 123;

export const POLICY_VIOLATION = 1008;

/** The close code for each kind of end (RFC 6455, 7.4.1). */
export const closeCodes: Record<CloseKind, number> = {
  done: 1000,
  stopping: 1001,
  broken: 1007,
  removed: POLICY_VIOLATION,
  timeout: POLICY_VIOLATION,
  'too-slow': POLICY_VIOLATION,
  'too-big': 1009,
};

/** One message as one unmasked frame, as a server sends it (RFC 6455, 5.2). */
export function serverFrame(type: FrameType, payload: Uint8Array): Uint8Array {
  const { length } = payload;
  const header = length < LENGTH_16 ? 2 : length < 2 ** 16 ? 4 : 10; // PORT-30
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = FINAL | OPCODES[type];
  if (header === 2) {
    frame[1] = length;
  } else if (header === 4) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
  frame.set(payload, header);
  return frame;
}

/** Cuts a reason between two characters to what a close frame holds (RFC 6455, 5.5). */
export function closeReason(reason: string): Buffer {
  const bytes = Buffer.alloc(MAX_REASON_BYTES);
  const { written } = new TextEncoder().encodeInto(reason, bytes);
  return bytes.subarray(0, written);
}
