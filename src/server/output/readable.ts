import { escapeInvisible } from '../log.ts';

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
