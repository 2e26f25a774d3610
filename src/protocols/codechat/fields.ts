import { JsonFields } from '../json-fields.ts';

/** Reads the fields of codechat. */
export class Fields extends JsonFields {
  /** A string that a person typed, without the rest of the buffer that clients of the time send with it. */
  typed(name: string): string {
    return withoutBufferEnd(this.string(name)); // CODE-85
  }

  /** The text of a message, from the field `msg` or `message`; undefined if both are missing. */
  text(): string | undefined {
    const { msg } = this.maybe('msg', (name) => this.typed(name));
    const { message } = this.maybe('message', (name) => this.typed(name));
    if (msg !== undefined && message !== undefined && msg !== message) this.problem ??= 'msg and message differ'; // CODE-14
    return msg ?? message; // CODE-14
  }
}

/** Cuts off U+0000 at the end, and the one line end before it. A text without U+0000 at the end stays as it is. */
function withoutBufferEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--; // CODE-85
  if (end === text.length) return text; // CODE-85
  return text.slice(0, end).replace(/(?:\r\n|\n|\r)$/, ''); // CODE-85
}
