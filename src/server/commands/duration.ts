const UNITS: ReadonlyMap<string, number> = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const MAX_MS = 100 * 365 * 86_400_000;

/** `10m`, `2h` or `7d` in milliseconds; null if it is nothing of the kind, or over a hundred years. */
export function durationMs(text: string): number | null {
  const [, count, unit = ''] = /^([1-9]\d{0,8})([smhd])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS.get(unit) ?? Number.NaN);
  return ms <= MAX_MS ? ms : null; // SERVER-67
}
