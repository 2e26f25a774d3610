import { asObject, asString, asStrings, JsonFields } from '../json-fields.ts';
import type { Font, FontParts, ResultCode } from './schema.ts';
import { completeFont, readBody, readFont, readTimestamp } from './formats.ts';

const MAX_NAMES = 1_000;
const HASH = /^[0-9A-Fa-f]{64}$/;
/** Replaces invalid parts of a server's font. */
const PLAIN: Font = { family: 'sans-serif', color: '#000000', style: '' };
const codes: readonly ResultCode[] = [200, 201, 202, 204, 205, 206, 400, 401, 403, 404, 500, 501, 503, 505];

/** Reads the fields of tagged. */
export class Fields extends JsonFields {
  /** A string that is not empty. */
  nonEmpty(name: string): string {
    return this.readField(name, 'is no string or an empty one', (value) => asString(value) || null) ?? '';
  }

  /** The tag of a push. */
  pushTag(name: string): string {
    const asPushTag = (value: unknown) => (typeof value === 'string' && value.startsWith('_') ? value : null);
    return this.readField(name, 'does not begin with an underscore', asPushTag) ?? '_';
  }

  /** A string of 1 to 64 characters. */
  label(name: string): string {
    return this.readField(name, 'is not a string of 1 to 64 characters', asLabel) ?? '';
  }

  /** A SHA-256 in hex. */
  hash(name: string): string {
    return this.readField(name, 'is not a SHA-256 in 64 hex digits', asHash) ?? ''; // TAG-41
  }

  /** At most 1,000 strings. */
  names(name: string): string[] {
    const asNames = (value: unknown) => (Array.isArray(value) && value.length > MAX_NAMES ? null : asStrings(value)); // TAG-23
    return this.readField(name, `is not an array of at most ${MAX_NAMES} strings`, asNames) ?? [];
  }

  /** A text, from its base64. */
  body(name: string): string {
    return this.readField(name, 'is not base64 of UTF-8', (value) => readBody(asString(value) ?? '!')) ?? ''; // TAG-12
  }

  /** Milliseconds since 1970. */
  timestamp(name: string): number {
    const problem = 'is not YYYY-MM-DDThh:mm:ss.mmmZ';
    return this.readField(name, problem, (value) => readTimestamp(asString(value) ?? '')) ?? 0; // TAG-14
  }

  /** The valid parts of a font. */
  font(name: string): FontParts {
    const object = this.readField(name, 'is not an object', asObject); // TAG-16
    return object === null ? {} : readFont(object);
  }

  /** A font from a server; invalid parts become plain. */
  wholeFont(name: string): Font {
    return completeFont(this.font(name), PLAIN);
  }

  /** A result code. */
  result(name: string): ResultCode {
    return this.readField(name, 'is not a result code', (value) => codes.find((code) => code === value) ?? null) ?? 500;
  }

  /** `true`, `false` or `null`. */
  answer(name: string): boolean | null {
    return this.whole[name] === null ? null : this.boolean(name);
  }
}

function asLabel(value: unknown): string | null {
  return typeof value === 'string' && value.length >= 1 && value.length <= 64 ? value : null;
}

function asHash(value: unknown): string | null {
  return typeof value === 'string' && HASH.test(value) ? value : null; // TAG-41
}
