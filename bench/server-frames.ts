type Frame = { readonly type: 'text' | 'ping' | 'other'; readonly payload: Buffer };

const OPCODE = 0x0f;
const TYPES: ReadonlyMap<number, Frame['type']> = new Map([
  [0x1, 'text'],
  [0x9, 'ping'],
]);

/** Splits what a WebSocket server sends into frames of at most 64 KiB. */
export class ServerFrames {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that these bytes complete. The bytes may be reused afterwards. */
  push(bytes: Uint8Array): Frame[] {
    const buffer = Buffer.concat([this.#rest, bytes]);
    const frames: Frame[] = [];
    let at = 0;
    while (buffer.length - at >= 4 || buffer.length - at === 2 + (buffer[at + 1] ?? 0)) {
      const short = buffer[at + 1] ?? 0;
      if (short === 127) throw new RangeError('a frame has more than 64 KiB');
      const start = at + (short === 126 ? 4 : 2);
      const end = start + (short === 126 ? buffer.readUInt16BE(at + 2) : short);
      if (end > buffer.length) break;
      const type = TYPES.get((buffer[at] ?? 0) & OPCODE) ?? 'other';
      frames.push({ type, payload: buffer.subarray(start, end) });
      at = end;
    }
    this.#rest = buffer.subarray(at);
    return frames;
  }
}
