/** Writes times and days in a language, where the reader is. */
export class Times {
  readonly #time: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #full: Intl.DateTimeFormat;
  readonly #short: Intl.DateTimeFormat;
  readonly #iso: Intl.DateTimeFormat;
  readonly #list: Intl.ListFormat;
  readonly #language: string;

  constructor(language: string) {
    this.#time = new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' });
    this.#day = new Intl.DateTimeFormat(language, { weekday: 'long', day: 'numeric', month: 'long' });
    this.#dayOfYear = new Intl.DateTimeFormat(language, { dateStyle: 'long' });
    this.#full = new Intl.DateTimeFormat(language, { dateStyle: 'full', timeStyle: 'medium' });
    this.#short = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
    this.#iso = new Intl.DateTimeFormat('en-CA', { year: 'numeric', month: '2-digit', day: '2-digit' });
    this.#language = language;
    this.#list = new Intl.ListFormat(language, { type: 'conjunction' });
  }

  /** Hours and minutes. */
  time(ms: number): string {
    return this.#time.format(ms);
  }

  /** The day and the exact time. */
  full(ms: number): string {
    return this.#full.format(ms);
  }

  /** The day, with the year if it is another one than now. */
  day(ms: number, now: number): string {
    const isThisYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
    return (isThisYear ? this.#day : this.#dayOfYear).format(ms);
  }

  /** The time if it is today, else the day. */
  short(ms: number, now: number): string {
    return this.dayKey(ms) === this.dayKey(now) ? this.time(ms) : this.#short.format(ms);
  }

  /** The day as a key, such as `2026-12-01`. */
  dayKey(ms: number): string {
    return this.#iso.format(ms);
  }

  /** Names as a sentence lists them. */
  names(names: readonly string[]): string {
    return this.#list.format(names);
  }

  /** A size, such as `3.4 MB`. */
  bytes(count: number): string {
    const power = Math.min(3, Math.floor(Math.log10(Math.max(1, count)) / 3));
    const unit = (['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const)[power] ?? 'byte';
    const format = {
      style: 'unit',
      unit,
      unitDisplay: power === 0 ? 'long' : 'short',
      maximumFractionDigits: 1,
    } as const;
    return new Intl.NumberFormat(this.#language, format).format(count / 1000 ** power);
  }
}
