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

  /** A whole number from `min` to `max`. */
  integer(name: string, min: number, max: number): number {
    const asInteger = (value: unknown) => (isInteger(value, min, max) ? value : null);
    return this.readField(name, 'is not an integer in its range', asInteger) ?? min;
  }

  /** The result of `read` for an object; its problems count as problems of this one. */
  object<T>(name: string, read: (fields: this) => T): T {
    return this.#inside(name, this.readField(name, 'is not an object', asObject) ?? {}, read);
  }

  /** The results of `read` for the objects of an array. */
  list<T>(name: string, read: (fields: this) => T): T[] {
    const objects = this.readField(name, 'is not an array of objects', asObjects) ?? [];
    return objects.map((object) => this.#inside(name, object, read));
  }

  /** An object with this field, or an empty one if the field is missing or `null`. */
  maybe<N extends string, T>(name: N, read: (name: N) => T): { readonly [K in N]?: T } {
    return this.whole[name] == null ? {} : ({ [name]: read(name) } as { [K in N]: T }); // TAG-24 CODE-86 DOC-14
  }

  /** The result of `read`. If that is `null`, it notes that the field is missing (also as `null`), or else `problem`. */
  protected readField<T>(name: string, problem: string, read: (value: unknown) => T | null): T | null {
    const value = read(this.whole[name]);
    if (value === null) this.problem ??= `${name} ${this.whole[name] == null ? 'is missing' : problem}`; // TAG-22 CODE-12 DOC-13
    return value;
  }

  /** Fields of the same class for an object inside this one. */
  #inside<T>(name: string, object: JsonObject, read: (fields: this) => T): T {
    const fields = new (this.constructor as new (object: JsonObject) => this)(object);
    const made = read(fields);
    if (fields.problem !== null) this.problem ??= `${name}.${fields.problem}`;
    return made;
  }
}

/** The value if it is a string. */
export function asString(value: unknown): string | null {
  return typeof value === 'string' ? value : null; // TAG-22 CODE-12 DOC-13
}

/** The value if it is an array of strings. */
export function asStrings(value: unknown): string[] | null {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : null;
}

/** The value if it is an object and no array. */
export function asObject(value: unknown): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
}

function asObjects(value: unknown): JsonObject[] | null {
  if (!Array.isArray(value)) return null;
  const objects = value.map(asObject);
  return objects.every((object) => object !== null) ? objects : null;
}

function isInteger(value: unknown, min: number, max: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
}
