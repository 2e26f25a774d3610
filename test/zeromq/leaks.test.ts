import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { DealerClient } from './dealer-client.ts';
import { GC_ARGS, heapOf } from '../fuzz/measured-server.ts';
import { connectionsOf, descriptorsOf, eventually } from './server-state.ts';

const AT_ONCE = 60;
const ROUNDS = 5;
const PEOPLE = 4;
const MIB = 2 ** 20;

/** Many sockets log in by tokens at once, are shown a message, and close. */
async function connectMany(
  t: TestContext,
  server: ServerProcess,
  people: readonly DealerClient[],
  round: string,
): Promise<void> {
  const sockets = Array.from({ length: AT_ONCE }, (_, index) =>
    DealerClient.open(t, server.port).actAs(people[index % PEOPLE] as DealerClient),
  );
  await Promise.all(sockets.map((socket) => socket.ask('join_group', 'lobby')));
  assert.equal(await connectionsOf(server), PEOPLE + AT_ONCE);
  await people[0]?.ask('msg_group', 'lobby', round);
  await Promise.all([...sockets, ...people].map((member) => member.updateOf(round)));
  for (const socket of sockets) socket.close();
  assert.equal(await eventually(() => connectionsOf(server), PEOPLE), PEOPLE);
}

test(`${ROUNDS * AT_ONCE} sockets of libzmq connect and close, and leave no connection, descriptor or memory behind`, async (t) => {
  const server = await startServerProcess(t, { nodeArgs: GC_ARGS });
  const people: DealerClient[] = [];
  for (let index = 0; index < PEOPLE; index++)
    people.push(await DealerClient.open(t, server.port).signUp(`member-${index}`));
  const descriptors = await descriptorsOf(server);
  for (let round = 0; round < ROUNDS; round++) await connectMany(t, server, people, `first ${round}`);
  const before = await heapOf(server);
  for (let round = 0; round < ROUNDS; round++) await connectMany(t, server, people, `second ${round}`);
  const growth = (await heapOf(server)) - before;
  assert.equal(await eventually(() => descriptorsOf(server), descriptors), descriptors);
  t.diagnostic(`${(growth / MIB).toFixed(2)} MiB more heap, ${descriptors} descriptors`);
  assert.ok(growth < MIB, `the heap grew by ${growth} bytes`);
});
