import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countingIds } from '../../../testing/ids.ts';
import { EMPTY } from '../../storage/snapshot.ts';
import { decideCreateAccount } from '../commands/accounts/create-account.ts';
import { decideCreateRoom } from '../commands/create-room.ts';
import { directoryStream } from '../model/ids.ts';
import { type DirectoryState, MOST_IN_DIRECTORY, openDirectory } from './directory.ts';
import { States } from './states.ts';

const input = { now: 0, ids: countingIds(), lobby: 1 };

/** Whether an account and a group can be made in a directory whose maps say that they are so large. */
function decide(sizes: { readonly [map in 'accounts' | 'retired' | 'names']?: number }) {
  const empty = openDirectory(EMPTY);
  const large = <T extends object>(map: T, size = 0): T =>
    new Proxy(map, {
      get: (target, key) => {
        const value: unknown = key === 'size' ? size : Reflect.get(target, key, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  const directory: DirectoryState = {
    ...empty,
    accounts: large(empty.accounts, sizes.accounts),
    retired: large(empty.retired, sizes.retired),
    names: large(empty.names, sizes.names),
  };
  const states = new States();
  states.put(directoryStream, { kind: 'directory', value: directory });
  const account = { person: 7, name: 'ada', skeleton: 'ada', displayName: 'ada', role: 'user' } as const;
  const name = { spelling: 'garden', skeleton: 'garden' };
  const group = {
    type: 'create-room',
    room: 2,
    name,
    displayName: 'garden',
    closed: false,
    creator: null,
    members: [],
  } as const;
  const results = [
    decideCreateAccount(states, { type: 'create-account', account, verifier: '', joins: false }, input),
    decideCreateRoom(states, group, input),
  ];
  return results.map((result) => (result.ok ? 'made' : JSON.stringify(result.error)));
}

test('WORLD-300 the directory has room for 1,000,000 accounts, with deleted ones, and for as many names of groups', () => {
  assert.equal(MOST_IN_DIRECTORY, 1_000_000);
  const full = (what: string) => `{"type":"server-full","what":"${what}"}`;
  assert.deepEqual(decide({ accounts: 600_000, retired: 399_999, names: 999_999 }), ['made', 'made']);
  assert.deepEqual(decide({ accounts: 600_000, retired: 400_000 }), [full('accounts'), 'made']);
  assert.deepEqual(decide({ names: 1_000_000 }), ['made', full('groups')]);
});
