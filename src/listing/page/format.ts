const LOCALE = 'en';
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const counts = new Intl.NumberFormat(LOCALE);
const milliseconds = new Intl.NumberFormat(LOCALE, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
const days = wholeUnits('day');
const hours = wholeUnits('hour');
const minutes = wholeUnits('minute');
const seconds = wholeUnits('second');
const plural = new Intl.PluralRules(LOCALE);

/** A number as people read it: `10,000`. */
export function formatCount(count: number): string {
  return counts.format(count); // LIST-87
}

/** A number of servers: `1 server`, `12 servers`. */
export function formatServers(count: number): string {
  return `${formatCount(count)} ${plural.select(count) === 'one' ? 'server' : 'servers'}`; // LIST-87
}

/** How long a ping takes: `12 ms`. Nothing takes less than a millisecond. */
export function formatPing(ms: number): string {
  return milliseconds.format(Math.max(1, ms)); // LIST-87
}

/** How long this is, in the largest unit that it fills: `2 days`. */
export function formatUptime(ms: number): string {
  if (ms >= DAY_MS) return days.format(ms / DAY_MS); // LIST-87
  if (ms >= HOUR_MS) return hours.format(ms / HOUR_MS); // LIST-87
  if (ms >= MINUTE_MS) return minutes.format(ms / MINUTE_MS); // LIST-87
  return seconds.format(Math.max(0, ms / SECOND_MS)); // LIST-87
}

function wholeUnits(unit: string): Intl.NumberFormat {
  const whole = { maximumFractionDigits: 0, roundingMode: 'floor' } as const;
  return new Intl.NumberFormat(LOCALE, { style: 'unit', unit, unitDisplay: 'long', ...whole });
}
