const FINAL = 0x80;
const OPCODE = 0x0f;
const CONTROL = 0x08;
const CLOSE = 0x08;
const MASKED = 0x80;
const LENGTH = 0x7f;
const LENGTH_16 = 126;
const LENGTH_64 = 127;
const MASK_BYTES = 4;

/**
 * Follows the frame boundaries of a WebSocket client (RFC 6455, 5.2) to count the bytes of an incomplete message. It does not
 * validate frames: `ws` does.
 */
export class FrameTracker {
  /** How often nothing incomplete was left. */
  completions = 0;
  #expects: 'opcode' | 'length' | 'long length' | 'rest' | 'nothing' = 'opcode';
  #opcode = 0;
  #final = false;
  #masked = false;
  /** How many bytes of the length, or of mask and payload, are missing. */
  #missing = 0;
  #length = 0;
  /** Bytes received of this frame, and of the fragments before it. */
  #frame = 0;
  #fragments = 0;

  /** Bytes received of an incomplete message or control frame. */
  get held(): number {
    return this.#frame + this.#fragments;
  }

  push(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length && this.#expects !== 'nothing'; ) {
      if (this.#expects === 'rest') {
        const count = Math.min(this.#missing, bytes.length - at);
        at += count;
        this.#frame += count;
        this.#missing -= count;
      } else {
        this.#header(bytes[at++] ?? 0);
        this.#frame++;
      }
      if (this.#expects === 'rest' && this.#missing === 0) this.#finish();
    }
  }

  #header(byte: number): void {
    if (this.#expects === 'opcode') {
      this.#final = (byte & FINAL) !== 0;
      this.#opcode = byte & OPCODE;
      this.#expects = 'length';
    } else if (this.#expects === 'length') {
      this.#masked = (byte & MASKED) !== 0;
      this.#expectLength(byte & LENGTH);
    } else {
      this.#length = this.#length * 256 + byte;
      if (--this.#missing === 0) this.#expectRest();
    }
  }

  #expectLength(short: number): void {
    this.#missing = short === LENGTH_64 ? 8 : short === LENGTH_16 ? 2 : 0;
    this.#length = this.#missing === 0 ? short : 0;
    if (this.#missing === 0) this.#expectRest();
    else this.#expects = 'long length';
  }

  #expectRest(): void {
    this.#missing = this.#length + (this.#masked ? MASK_BYTES : 0);
    this.#expects = 'rest';
  }

  #finish(): void {
    const control = (this.#opcode & CONTROL) !== 0;
    if (!control) this.#fragments += this.#frame;
    if (this.#final && !control) this.#fragments = 0;
    this.#frame = 0;
    if (this.held === 0) this.completions++;
    this.#expects = this.#opcode === CLOSE ? 'nothing' : 'opcode';
  }
}
