import { pino } from 'pino';
import { escapeInvisible } from './log.ts';

/** Unread lines wait in memory up to this many bytes; more are lost. */
const MAX_WAITING = 1024 * 1024;

/** Writes log lines to standard output, at a terminal in a form for people; never makes the server wait. */
export function logOutput(stdout: NodeJS.WriteStream): (line: string) => void {
  if (stdout.isTTY) return (line) => stdout.write(readable(line));
  const destination = pino.destination({ dest: 1, sync: false, maxLength: MAX_WAITING });
  return (line) => destination.write(line);
}

/** A JSON line of the log in a form for people: time of day, level, event, fields. */
export function readable(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as { [field: string]: unknown };
  const words = Object.entries(fields).map(([name, value]) => `${name}=${readableValue(value)}`);
  return `${[String(time).slice(11, 19), String(level).padEnd(5), event, ...words].join(' ')}\n`;
}

function readableValue(value: unknown): string {
  if (typeof value === 'string' && /^[\x21\x23-\x7e]+$/.test(value)) return value;
  return escapeInvisible(JSON.stringify(value));
}
