import type { JsonObject } from './json-frames.ts';

/** Reads fields of one object by name and type. A reader returns a default if its field does not fit. */
export class JsonFields {
  /** What is wrong with the first field that does not fit; `null` if all fit. */
  problem: string | null = null;
  protected readonly whole: JsonObject;

  constructor(object: JsonObject) {
    this.whole = object;
  }

  /** A string, which may be empty. */
  string(name: string): string {
    return this.readField(name, 'is not a string', asString) ?? '';
  }

  /** `true` or `false`. */
  boolean(name: string): boolean {
    return (
      this.readField(name, 'is not true or false', (value) => (typeof value === 'boolean' ? value : null)) ?? false
    );
  }

  /** Any number of strings. */
  strings(name: string): string[] {
    return this.readField(name, 'is not an array of strings', asStrings) ?? [];
  }

  /** An object with this field, or an empty one if the field is missing or `null`. */
  maybe<N extends string, T>(name: N, read: (name: N) => T): { readonly [K in N]?: T } {
    return this.whole[name] == null ? {} : ({ [name]: read(name) } as { [K in N]: T }); // TAG-24 CODE-86
  }

  /** The result of `read`. If that is `null`, it notes that the field is missing (also as `null`), or else `problem`. */
  protected readField<T>(name: string, problem: string, read: (value: unknown) => T | null): T | null {
    const value = read(this.whole[name]);
    if (value === null) this.problem ??= `${name} ${this.whole[name] == null ? 'is missing' : problem}`; // TAG-22 CODE-12
    return value;
  }
}

/** The value if it is a string. */
export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null; // TAG-22 CODE-12
}

/** The value if it is an array of strings. */
export function asStrings(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}
