import type { Ids } from '../src/core/ports.ts';

/**
 * Ids that count up in the formats of real ones: ascending UUIDv7 for messages, integers from 1, identities of 32 hex digits,
 * UUIDs as secrets, codes of 22 characters. Worlds on one storage take different origins (below 65,536), so that no id comes twice.
 */
export function countingIds(origin = 0): Ids {
  let messages = 0;
  let integers = 0;
  let identities = 0;
  let secrets = 0;
  let codes = 0;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return {
    message: () => `00000000-${hex(origin, 4)}-7000-8000-${hex(++messages, 12)}`,
    integer: () => origin * 2 ** 32 + ++integers,
    identity: () => hex(origin, 16) + hex(++identities, 16),
    code: () => `Code_${hex(origin, 6)}-${hex(++codes, 10)}`,
    secret: () => `5ec2e700-${hex(origin, 4)}-4000-8000-${hex(++secrets, 12)}`,
  };
}
