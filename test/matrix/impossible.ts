import type { Action } from './driver.ts';

/** Cells that cannot exist, because `from` has no way to do it: the nearest that a client of it could try is refused. */
export type Impossible = {
  readonly row: string;
  /** Null: no protocol can. */
  readonly from: string | null;
  readonly action: Action;
  readonly reason: string;
};

export const impossible: readonly Impossible[] = [
  { row: 'group message', from: 'c2', action: 'sayInGroup', reason: 'c2 has one big room' },
  { row: 'group left', from: 'c2', action: 'sayInGroup', reason: 'c2 has one big room' },
  { row: 'delete', from: 'c2', action: 'delete', reason: 'c2 has no request that deletes' },
  { row: 'delete by a moderator', from: 'c2', action: 'delete', reason: 'c2 has no request that deletes' },
  { row: 'delete of a direct message', from: 'c2', action: 'delete', reason: 'c2 has no request that deletes' },
  { row: 'waiting, and deleted meanwhile', from: 'c2', action: 'delete', reason: 'c2 has no request that deletes' },
  { row: 'status change', from: 'c2', action: 'setStatus', reason: 'c2 has no statuses' },
  { row: 'turning invisible', from: 'c2', action: 'setStatus', reason: 'c2 has no statuses' },
  { row: 'display name', from: 'c2', action: 'setDisplayName', reason: 'c2 shows names only' },
  { row: 'one password', from: 'c2', action: 'register', reason: 'c2 makes no accounts' },
  { row: 'registering a name in use', from: 'c2', action: 'register', reason: 'c2 makes no accounts' },
  { row: 'guest becomes account', from: 'c2', action: 'register', reason: 'c2 makes no accounts' },
  { row: 'rename', from: 'tagged', action: 'rename', reason: 'tagged changes display names, not names' },
  { row: 'edit after a rename', from: 'tagged', action: 'rename', reason: 'tagged changes display names, not names' },
  { row: 'rename of an account', from: null, action: 'rename', reason: 'the name of an account is fixed' },
];
