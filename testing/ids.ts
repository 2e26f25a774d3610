import type { Ids } from '../src/core/ports.ts';

/**
 * Ids that count: messages in the form of a UUIDv7 and in ascending order, integers from 1, identities as 32 hex digits,
 * secrets in the form of a UUID. Worlds that share a storage take different origins (below 65,536), so that their ids never meet.
 */
export function countingIds(origin = 0): Ids {
  let messages = 0;
  let integers = 0;
  let identities = 0;
  let secrets = 0;
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  return {
    message: () => `00000000-${hex(origin, 4)}-7000-8000-${hex(++messages, 12)}`,
    integer: () => origin * 2 ** 32 + ++integers,
    identity: () => hex(origin, 16) + hex(++identities, 16),
    secret: () => `5ec2e700-${hex(origin, 4)}-0000-0000-${hex(++secrets, 12)}`,
  };
}
