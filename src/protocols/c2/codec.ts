import type { Decoded } from '../../connections/decoded.ts';
import type { LineSide } from '../line-frames.ts';
import { END_OF_TIME, MAX_FRAME_BYTES } from './limits.ts';
import type { Down, Up } from './schema.ts';

const MARK = 'c2/';

type Reader<M> = (content: string) => Decoded<M>;

const limits = { maxBytes: MAX_FRAME_BYTES, tooLong: 'message over 65536 bytes' }; // C2-09

/** The messages from clients, and from servers. */
export const up: LineSide<Up> = { ...limits, read: readUp, readLeave, dropsLineEnd: true }; // C2-85 C2-86
export const down: LineSide<Down> = { ...limits, read: readDown, readLeave: () => null, dropsLineEnd: false };

export function readUp(frame: string): Decoded<Up> {
  const leave = readLeave(frame);
  if (leave !== null) return good(leave);
  const given = withoutEmptyEnd(frame); // C2-87
  return read(given.includes(' ') ? frame : given, upReaders);
}

/** Whoever asks to leave may leave, whatever else the message contains. */
function readLeave(frame: string): Up | null {
  return /^c2\/DISCONNECT(?!\w)/.test(frame) ? { type: 'DISCONNECT' } : null; // C2-86
}

export function readDown(frame: string): Decoded<Down> {
  return read(frame, downReaders);
}

/** Writes a message to a server. Throws a TypeError for an argument that the server would read differently. */
export function writeUp(message: Up): string {
  switch (message.type) {
    case 'CONNECT':
      if (message.password === null) return `c2/CONNECT ${plainArgument(message.username)}`;
      return `c2/CONNECT ${plainArgument(message.username)}; ${lastArgument(message.password)}`;
    case 'MSG':
      return `c2/MSG ${message.timestamp}; ${lastArgument(message.text)}`;
    case 'QUERY active_users':
      return 'c2/QUERY active_users';
    case 'QUERY update_message':
      return `c2/QUERY update_message; ${plainArgument(message.id)}; ${lastArgument(message.text)}`;
    case 'UPDATE':
      return `c2/UPDATE ${message.property}; ${plainArgument(message.value)}`;
    case 'DISCONNECT':
      return 'c2/DISCONNECT';
    case 'PING':
      return message.timestamp === null ? 'c2/PING' : `c2/PING ${message.timestamp}`;
  }
}

/** A frame with this message. A text that ends with a line end gets one more, since the server drops one. */
export function frameUp(message: Up): string {
  const frame = writeUp(message);
  return frame.endsWith('\n') ? `${frame}\n` : frame; // C2-85
}

/** Writes a message to a client. Names hold no `;`, no newline and no blanks around them (NAME rules). */
export function writeDown(message: Down): string {
  switch (message.type) {
    case 'ACKNOWLEDGE':
      return `c2/ACKNOWLEDGE${ending(message.text)}`;
    case 'ERROR':
      return `c2/ERROR${ending(message.reason)}`;
    case 'MSG':
      return `c2/MSG ${message.username}; ${message.timestamp}; ${message.id}; ${message.text}`;
    case 'UPDATE':
      return `c2/UPDATE ${message.username}; ${message.property}; ${message.value}`;
    case 'DISCONNECT disconnect':
      return `c2/DISCONNECT disconnect; ${message.username}`;
    case 'DISCONNECT lost_connection':
      return `c2/DISCONNECT lost_connection; ${message.username}`;
    case 'DISCONNECT ban':
      return `c2/DISCONNECT ban; ${message.username};${ending(message.reason)}`;
    case 'PING':
      return message.timestamp === null
        ? `c2/PING ${message.server}`
        : `c2/PING ${message.timestamp}; ${message.server}`;
  }
}

const missing = fault('missing argument');
const tooMany = fault('too many arguments');
const badTime = fault('timestamp is not milliseconds in digits, 0 to 253402300799999');

const upReaders: ReadonlyMap<string, Reader<Up>> = new Map<string, Reader<Up>>([
  ['CONNECT', readConnect],
  ['MSG', readUpMsg],
  ['QUERY', readQuery],
  ['UPDATE', readUpUpdate],
  ['PING', readUpPing],
]);

const queryReaders: ReadonlyMap<string, Reader<Up>> = new Map<string, Reader<Up>>([
  [
    'active_users',
    (content) => (withoutEmptyEnd(content).includes(';') ? tooMany : good({ type: 'QUERY active_users' })),
  ], // C2-05 C2-87
  ['update_message', readUpdateMessage],
]);

const downReaders: ReadonlyMap<string, Reader<Down>> = new Map<string, Reader<Down>>([
  ['ACKNOWLEDGE', (text) => good({ type: 'ACKNOWLEDGE', text })],
  ['ERROR', (reason) => good({ type: 'ERROR', reason })],
  ['MSG', readDownMsg],
  ['UPDATE', readDownUpdate],
  ['DISCONNECT', readDownDisconnect],
  ['PING', readDownPing],
]);

function read<M>(frame: string, readers: ReadonlyMap<string, Reader<M>>): Decoded<M> {
  if (!frame.startsWith(MARK)) return fault('message does not begin with c2/'); // C2-01
  const end = frame.indexOf(' ');
  const reader = readers.get(frame.slice(MARK.length, end === -1 ? frame.length : end)); // C2-01
  if (reader === undefined) return fault('unknown message type'); // C2-02
  return reader(end === -1 ? '' : frame.slice(end + 1)); // C2-01
}

function readConnect(content: string): Decoded<Up> {
  const [first = '', rest] = cut(content, 1);
  const username = rest === undefined ? trim(content) : first;
  if (username === '') return missing; // C2-05
  return good({ type: 'CONNECT', username, password: rest || null }); // C2-87
}

function readUpMsg(content: string): Decoded<Up> {
  const [time = '', text] = cut(content, 1);
  if (!text) return missing; // C2-05
  const timestamp = parseInteger(time, END_OF_TIME);
  return timestamp === null ? badTime : good({ type: 'MSG', timestamp, text }); // C2-13
}

function readQuery(content: string): Decoded<Up> {
  const [name = ''] = content.split(';', 1);
  if (blank(name)) return missing; // C2-05
  return queryReaders.get(trim(name))?.(content) ?? fault('unknown query'); // C2-32
}

function readUpdateMessage(content: string): Decoded<Up> {
  const [, id, text] = cut(content, 2);
  if (!id || !text) return missing; // C2-05
  return good({ type: 'QUERY update_message', id, text });
}

function readUpUpdate(content: string): Decoded<Up> {
  const [property, value, surplus] = split(withoutEmptyEnd(content)); // C2-87
  if (!property || !value) return missing; // C2-05
  if (surplus !== undefined) return tooMany; // C2-05
  return property === 'username' ? good({ type: 'UPDATE', property, value }) : fault('unknown property'); // C2-34
}

function readUpPing(content: string): Decoded<Up> {
  const given = withoutEmptyEnd(content); // C2-87
  if (given === '') return good({ type: 'PING', timestamp: null });
  const [timestamp = '', surplus] = split(given);
  if (surplus !== undefined) return tooMany; // C2-05
  return isDigits(timestamp) ? good({ type: 'PING', timestamp }) : fault('timestamp is not 1 to 16 digits'); // C2-14
}

function readDownMsg(content: string): Decoded<Down> {
  const [username, time = '', id, text] = cut(content, 3);
  if (!username || !id || !text) return missing; // C2-05
  const timestamp = parseInteger(time, END_OF_TIME);
  return timestamp === null ? badTime : good({ type: 'MSG', username, timestamp, id, text }); // C2-13
}

function readDownUpdate(content: string): Decoded<Down> {
  const [username, property, value, surplus] = split(content);
  if (!username || !property || !value) return missing; // C2-05
  if (surplus !== undefined) return tooMany; // C2-05
  return property === 'username' ? good({ type: 'UPDATE', username, property, value }) : fault('unknown property');
}

function readDownDisconnect(content: string): Decoded<Down> {
  const [how, username, surplus] = split(content);
  if (!how || !username) return missing; // C2-05
  if (how === 'ban') {
    const [, , reason] = cut(content, 2);
    return reason === undefined ? missing : good({ type: 'DISCONNECT ban', username, reason }); // C2-05
  }
  if (surplus !== undefined) return tooMany; // C2-05
  if (how === 'disconnect') return good({ type: 'DISCONNECT disconnect', username });
  return how === 'lost_connection'
    ? good({ type: 'DISCONNECT lost_connection', username })
    : fault('unknown departure');
}

function readDownPing(content: string): Decoded<Down> {
  const [first = '', second, surplus] = split(content);
  if (surplus !== undefined) return tooMany; // C2-05
  const timestamp = second === undefined ? null : first;
  const server = parseInteger(second ?? first, Number.MAX_SAFE_INTEGER);
  if (server === null) return fault('server id is not an integer below 2^53');
  if (timestamp !== null && !isDigits(timestamp)) return fault('timestamp is not 1 to 16 digits'); // C2-14
  return good({ type: 'PING', timestamp, server });
}

function good<M>(message: M): Decoded<M> {
  return { ok: true, message };
}

function fault(reason: string): Decoded<never> {
  return { ok: false, reason, fatal: false }; // C2-11
}

/** Splits off at most four arguments, to limit the cost of many semicolons. Messages read this way have at most three. */
function split(content: string): string[] {
  return content.split(';', 4).map(trim);
}

/** The first `count` arguments, then the rest without one leading blank. Empty if there are fewer semicolons. */
function cut(content: string, count: number): string[] {
  const parts: string[] = [];
  let start = 0;
  while (parts.length < count) {
    const end = content.indexOf(';', start);
    if (end === -1) return [];
    parts.push(trim(content.slice(start, end)));
    start = end + 1;
  }
  parts.push(content.slice(content[start] === ' ' ? start + 1 : start)); // C2-04
  return parts;
}

/** Removes blanks at both ends, and no other white space (C2-03). */
function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text[start] === ' ') start++; // C2-03
  while (end > start && text[end - 1] === ' ') end--; // C2-03
  return text.slice(start, end);
}

/** Removes the semicolons and blanks at the end: arguments that are empty and count as not there. */
function withoutEmptyEnd(content: string): string {
  let end = content.length;
  while (end > 0 && (content[end - 1] === ';' || content[end - 1] === ' ')) end--; // C2-87
  return content.slice(0, end);
}

function blank(text: string): boolean {
  return trim(text) === '';
}

function isDigits(text: string): boolean {
  return /^[0-9]{1,16}$/.test(text);
}

function parseInteger(text: string, max: number): number | null {
  return isDigits(text) && Number(text) <= max ? Number(text) : null;
}

function ending(text: string): string {
  return text === '' ? '' : ` ${text}`; // C2-06
}

function lastArgument(text: string): string {
  if (text === '') throw new TypeError('an argument of a c2 message is empty');
  if (!text.isWellFormed()) throw new TypeError('an argument of a c2 message is not well-formed Unicode');
  return text;
}

function plainArgument(text: string): string {
  if (/[;\r\n]/.test(text) || trim(text) !== text) {
    throw new TypeError('an argument of a c2 message holds a semicolon, a line break or blanks around it');
  }
  return lastArgument(text);
}
