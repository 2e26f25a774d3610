import type { TSchema } from 'typebox';
import { configSchema } from './schema.ts';

/** One option, under each of the names by which it can be set. */
export type Option = {
  /** In a file: `limits.messages_burst` is `messages_burst` in the section `[limits]`. */
  readonly key: string;
  readonly path: readonly string[];
  /** On the command line, without the dashes. */
  readonly flag: string;
  readonly env: string;
  readonly schema: TSchema;
  readonly kind: 'integer' | 'text' | 'list' | 'flag';
  readonly isPath: boolean;
  /** Undefined where there is none. */
  readonly initial: unknown;
  readonly description: string;
  /** What a value must be, in words. */
  readonly expects: string;
};

/** What the schema of an option says, or of a section. */
type Words = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly type?: string;
  readonly flag?: string;
  readonly path?: boolean;
  readonly expects?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** All options in the order of the schema. */
export const options: readonly Option[] = optionsIn(configSchema, []);

function optionsIn(schema: TSchema, path: readonly string[]): Option[] {
  const { properties } = schema as Words;
  if (properties === undefined) return [optionOf(schema, path)];
  return Object.entries(properties).flatMap(([name, inner]) => optionsIn(inner, [...path, name]));
}

function optionOf(schema: TSchema, path: readonly string[]): Option {
  const words = schema as Words;
  const flag = words.flag ?? path.join('-').replaceAll('_', '-');
  return {
    key: path.join('.'),
    path,
    flag,
    env: `PARLANCE_${flag.replaceAll('-', '_').toUpperCase()}`,
    schema,
    kind: kindOf(words),
    isPath: words.path === true,
    initial: words.default,
    description: words.description ?? '',
    expects: expectationOf(words),
  };
}

function kindOf({ type }: Words): Option['kind'] {
  if (type === 'integer') return 'integer';
  if (type === 'boolean') return 'flag';
  return type === 'array' ? 'list' : 'text';
}

function expectationOf({ type, expects, minimum, maximum }: Words): string {
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  return type === 'boolean' ? 'true or false' : (expects ?? 'a text');
}
