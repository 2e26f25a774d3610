import type { JsonObject } from '../json-frames.ts';

/** Reads fields of one object by name and type; `problem` is what is wrong with the first one that does not fit. */
export class Fields {
  problem: string | null = null;
  readonly #object: JsonObject;

  constructor(object: JsonObject) {
    this.#object = object;
  }

  string(name: string): string {
    const value = this.#object[name];
    return typeof value === 'string' ? value : this.#unfit(name, 'is not a string', ''); // CODE-12
  }

  boolean(name: string): boolean {
    const value = this.#object[name];
    return typeof value === 'boolean' ? value : this.#unfit(name, 'is not true or false', false);
  }

  strings(name: string): string[] {
    const value = this.#object[name];
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    return this.#unfit(name, 'is not an array of strings', []);
  }

  /** What was said, in the one or the other of two fields; nothing where neither is there. */
  text(): string | undefined {
    const { msg, message } = this.maybe('msg', 'message');
    if (msg !== undefined && message !== undefined && msg !== message) this.problem ??= 'msg and message differ'; // CODE-14
    return msg ?? message; // CODE-14
  }

  /** Those of these strings that are there. */
  maybe<N extends string>(...names: readonly N[]): { readonly [K in N]?: string } {
    const present = names.filter((name) => this.has(name)).map((name) => [name, this.string(name)]);
    return Object.fromEntries(present) as { [K in N]?: string };
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#object, name);
  }

  missing(name: string): string {
    return this.#unfit(name, '', '');
  }

  #unfit<T>(name: string, problem: string, instead: T): T {
    this.problem ??= `${name} ${this.has(name) ? problem : 'is missing'}`; // CODE-12
    return instead;
  }
}
