import type { TSchema } from 'typebox';
import { configSchema } from './schema.ts';

/** One option, with its name in each source. */
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
  /** Whether a value may have a password in it. */
  readonly isSecret: boolean;
  /** Undefined where there is none. */
  readonly initial: unknown;
  readonly description: string;
  /** Describes the valid values. */
  readonly expects: string;
};

/** The fields of an option's schema, or a section's. */
type SchemaFields = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly type?: string;
  readonly flag?: string;
  readonly path?: boolean;
  readonly secret?: boolean;
  readonly expects?: string;
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
};

/** All options in the order of the schema. */
export const options: readonly Option[] = optionsIn(configSchema, []);

function optionsIn(schema: TSchema, path: readonly string[]): Option[] {
  const { properties } = schema as SchemaFields;
  if (properties === undefined) return [optionOf(schema, path)];
  return Object.entries(properties).flatMap(([name, inner]) => optionsIn(inner, [...path, name]));
}

function optionOf(schema: TSchema, path: readonly string[]): Option {
  const fields = schema as SchemaFields;
  const flag = fields.flag ?? path.join('-').replaceAll('_', '-');
  return {
    key: path.join('.'),
    path,
    flag,
    env: `PARLANCE_${flag.replaceAll('-', '_').toUpperCase()}`,
    schema,
    kind: kindOf(fields),
    isPath: fields.path === true,
    isSecret: fields.secret === true,
    initial: fields.default,
    description: fields.description ?? '',
    expects: expectationOf(fields),
  };
}

function kindOf({ type }: SchemaFields): Option['kind'] {
  if (type === 'integer') return 'integer';
  if (type === 'boolean') return 'flag';
  return type === 'array' ? 'list' : 'text';
}

function expectationOf({ type, expects, minimum, maximum }: SchemaFields): string {
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  return type === 'boolean' ? 'true or false' : (expects ?? 'a text');
}
