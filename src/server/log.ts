import { pino } from 'pino';
import type { Clock, Log, LogFields } from '../core/ports.ts';
import { type Rate, TokenBucket } from '../lib/token-bucket.ts';

const MAX_CHARACTERS = 256;
/** The rate of lines for one event; the next line of that event says how many were left out. */
const LINES: Rate = { perSecond: 1, burst: 20 };

export type LogOptions = {
  readonly level: 'info' | 'warn' | 'error';
  /** Writes one whole line, with its newline. */
  readonly write: (line: string) => void;
  readonly clock: Clock;
};

type EventLimit = { readonly bucket: TokenBucket; suppressed: number };

/** A log of JSON lines: safe to print, of bounded length, and at a bounded rate for each event (T43). */
export function createLog({ level, write, clock }: LogOptions): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date(clock.now()).toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => write(escapeInvisible(line)) }, // SERVER-21
  );
  const limits = new Map<string, EventLimit>();

  function fieldsFor(event: string, fields: LogFields): LogFields | null {
    const now = clock.monotonic();
    const limit = limits.get(event) ?? { bucket: new TokenBucket(LINES, now), suppressed: 0 };
    limits.set(event, limit);
    if (limit.bucket.take(now) > 0) {
      limit.suppressed++; // SERVER-23
      return null;
    }
    const { suppressed } = limit;
    limit.suppressed = 0;
    return { event, ...shortened(fields), ...(suppressed > 0 ? { suppressed } : {}) }; // SERVER-23
  }

  function at(severity: LogOptions['level']): Log['info'] {
    return (event, fields = {}) => {
      const line = fieldsFor(event, fields);
      if (line !== null) logger[severity](line);
    };
  }

  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function shortened(fields: LogFields): LogFields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, short(value)]));
}

function short<T>(value: T): T | string {
  if (typeof value !== 'string' || value.length <= MAX_CHARACTERS) return value; // SERVER-22
  return `${value.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…`;
}

/**
 * Writes control and format characters, line separators and lone surrogates as JSON escapes; in JSON they are always inside
 * strings.
 */
export function escapeInvisible(json: string): string {
  return json.replace(/[\u007f-\u009f\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => {
      return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }).join(''),
  );
}
