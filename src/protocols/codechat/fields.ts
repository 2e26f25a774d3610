import { JsonFields } from '../json-fields.ts';

/** Reads fields of one object by name and type; `problem` is what is wrong with the first one that does not fit. */
export class Fields extends JsonFields {
  /** What was said, in the one or the other of two fields; nothing where neither is there. */
  text(): string | undefined {
    const { msg } = this.maybe('msg', (name) => this.string(name));
    const { message } = this.maybe('message', (name) => this.string(name));
    if (msg !== undefined && message !== undefined && msg !== message) this.problem ??= 'msg and message differ'; // CODE-14
    return msg ?? message; // CODE-14
  }
}
