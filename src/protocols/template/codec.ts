import type { Decoded } from '../../connections/decoded.ts';
import type { LineSide } from '../line-frames.ts';
import type { Down, Up } from './schema.ts';

/** The beginning of every message. */
export const MARK = 'template ';

/** The most bytes of one message, without its line end. */
export const MAX_BYTES = 65_536;

/** The messages from clients. */
export const up: LineSide<Up> = {
  maxBytes: MAX_BYTES,
  tooLong: 'a message has at most 65536 bytes',
  read: readUp,
  readLeave,
  dropsLineEnd: true,
};

function readUp(line: string): Decoded<Up> {
  const leave = readLeave(line);
  if (leave !== null) return good(leave);
  if (!line.startsWith(MARK)) return fault('a message begins with template and a blank'); // TEMPLATE-01
  const [verb, content] = cut(line.slice(MARK.length));
  if (verb === 'WHO') return content === null ? good({ type: verb }) : fault('something is too much'); // TEMPLATE-04
  if (verb === 'SAY') return content ? good({ type: 'SAY', text: content }) : missing; // TEMPLATE-04
  const [name, rest] = cut(content ?? '');
  if (verb === 'JOIN') return name === '' || rest === '' ? missing : good({ type: 'JOIN', name, password: rest }); // TEMPLATE-04
  if (verb === 'TELL') return name !== '' && rest ? good({ type: 'TELL', name, text: rest }) : missing; // TEMPLATE-04
  return fault('there is no such verb'); // TEMPLATE-02
}

/** Whoever asks to leave may leave, whatever else the message contains. */
function readLeave(line: string): Up | null {
  return /^template QUIT( |$)/.test(line) ? { type: 'QUIT' } : null; // TEMPLATE-04
}

/** Writes a message to a client. */
export function writeDown(message: Down): string {
  switch (message.type) {
    case 'DONE':
      return `${MARK}DONE`;
    case 'FAILED':
      return `${MARK}FAILED ${message.reason}`;
    case 'HERE':
      return [`${MARK}HERE`, ...message.names].join(' '); // TEMPLATE-27
    case 'SAID':
    case 'TOLD':
      return `${MARK}${message.type} ${message.name} ${message.text}`;
    case 'JOINED':
    case 'LEFT':
      return `${MARK}${message.type} ${message.name}`;
  }
}

const missing = fault('something is missing');

/** The text before the first blank and the text after it; null if there is no blank. */
function cut(text: string): [first: string, rest: string | null] {
  const end = text.indexOf(' ');
  return end === -1 ? [text, null] : [text.slice(0, end), text.slice(end + 1)]; // TEMPLATE-03
}

function good(message: Up): Decoded<Up> {
  return { ok: true, message };
}

function fault(reason: string): Decoded<Up> {
  return { ok: false, reason, fatal: false }; // TEMPLATE-09
}
