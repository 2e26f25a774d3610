import { escapeInvisible } from '../log.ts';

/** A JSON line of the log in a form for people: time of day where they are, level, event, fields. */
export function readable(line: string): string {
  const { level, time, event, ...fields } = JSON.parse(line) as { [field: string]: unknown };
  const words = Object.entries(fields).map(([name, value]) => `${name}=${readableValue(value)}`);
  return `${[localTime(String(time)), String(level).padEnd(5), event, ...words].join(' ')}\n`;
}

/** HH:MM:SS in the time zone of this machine. */
function localTime(time: string): string {
  return new Date(time).toTimeString().slice(0, 8); // SERVER-24
}

function readableValue(value: unknown): string {
  if (typeof value === 'string' && /^[\x21\x23-\x7e]+$/.test(value)) return value;
  return escapeInvisible(JSON.stringify(value));
}
