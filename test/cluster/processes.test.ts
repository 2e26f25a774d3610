import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastFirst } from '../../testing/last-first.ts';
import { runParlance } from '../../testing/server.ts';
import { noServices } from '../../testing/shared-services.ts';
import { TextClient } from '../../testing/text-client.ts';
import { startTwoProcesses } from './two-processes.ts';

const options = { skip: noServices };

test(
  'SERVER-298 two processes are one server: messages, people, names, kicks, bans and history cross over',
  options,
  async (t) => {
    const [here, there] = await startTwoProcesses(lastFirst(t));
    const admin = ({ dataDir }: typeof here, ...args: string[]) => runParlance(['admin', ...args, '--data', dataDir]);
    const alice = await TextClient.enter(here.url, 'alice');
    const bob = await TextClient.enter(there.url, 'bob');
    alice.send('c2/MSG 1; from here');
    assert.match(await bob.until('c2/MSG alice'), /; from here$/);
    bob.send('c2/MSG 2; from there');
    assert.match(await alice.until('c2/MSG bob'), /; from there$/);

    const twin = await TextClient.open(there.url);
    assert.match(String(await twin.ask('c2/CONNECT ALICE')), /^c2\/ERROR this name is taken/);
    alice.send('c2/UPDATE username; alicia');
    assert.equal(await bob.until('c2/UPDATE'), 'c2/UPDATE alice; username; alicia');
    bob.send('c2/QUERY active_users');
    assert.match(await bob.until('c2/ACKNOWLEDGE ['), /alicia/);

    const late = await TextClient.enter(here.url, 'late');
    assert.match(await late.until('c2/MSG alicia'), /; from here$/);
    assert.match(await late.until('c2/MSG bob'), /; from there$/);
    const later = await TextClient.enter(there.url, 'later');
    assert.match(await later.until('c2/MSG alicia'), /; from here$/);

    const kicked = await admin(there, 'kick', 'alicia', '--reason', 'calm down');
    assert.equal(kicked.stderr, '');
    assert.equal((await alice.closed()).code, 1008);
    assert.match(await bob.until('c2/DISCONNECT'), /alicia/);
    const banned = await admin(here, 'ban', 'bob', '--reason', 'spam');
    assert.equal(banned.stderr, '');
    assert.equal((await bob.closed()).code, 1008);
    const again = await TextClient.open(there.url);
    assert.equal(await again.ask('c2/CONNECT bob'), 'c2/ERROR banned: spam');

    await there.stop();
    assert.match(await late.until('c2/DISCONNECT lost_connection; later'), /later/);
    late.send('c2/MSG 3; still here');
    assert.match(await late.until('c2/MSG late'), /; still here$/);
    assert.deepEqual(await here.stop(), { code: 0, signal: null });
  },
);
