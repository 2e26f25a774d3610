import { JsonFields } from '../json-fields.ts';

/** Reads the fields of codechat. */
export class Fields extends JsonFields {
  /** The text of a message, from the field `msg` or `message`; undefined if both are missing. */
  text(): string | undefined {
    const { msg } = this.maybe('msg', (name) => this.string(name));
    const { message } = this.maybe('message', (name) => this.string(name));
    if (msg !== undefined && message !== undefined && msg !== message) this.problem ??= 'msg and message differ'; // CODE-14
    return msg ?? message; // CODE-14
  }
}
