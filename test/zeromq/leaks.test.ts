import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { Member } from './dealer-client.ts';
import { connectionsOf, descriptorsOf, eventually } from './server-state.ts';

const AT_ONCE = 60;
const ROUNDS = 5;
const PEOPLE = 4;
const MIB = 2 ** 20;

/** So many come at once with somebody's token, are answered and shown what is said, and go. */
async function visit(t: TestContext, server: ServerProcess, people: readonly Member[], round: string): Promise<void> {
  const visitors = Array.from({ length: AT_ONCE }, (_, index) =>
    Member.open(t, server.port).actAs(people[index % PEOPLE] as Member),
  );
  await Promise.all(visitors.map((visitor) => visitor.ask('join_group', 'lobby')));
  assert.equal(await connectionsOf(server), PEOPLE + AT_ONCE);
  await people[0]?.ask('msg_group', 'lobby', round);
  await Promise.all([...visitors, ...people].map((member) => member.updateOf(round)));
  for (const visitor of visitors) visitor.close();
  assert.equal(await eventually(() => connectionsOf(server), PEOPLE), PEOPLE);
}

/** What is on the server's heap after the so manieth collection. */
async function heapOf(server: ServerProcess, times: number): Promise<number> {
  const collections = () => server.log.filter(({ event }) => event === 'collected');
  server.kill('SIGUSR2');
  const line = await server.line('collected', (candidate) => collections().indexOf(candidate) === times - 1);
  return Number(line.heapUsed);
}

test(`${ROUNDS * AT_ONCE} sockets of libzmq come and go and leave no connection, no descriptor and no memory`, async (t) => {
  const gc = fileURLToPath(new URL('../fuzz/gc.ts', import.meta.url));
  const server = await startServerProcess(t, { nodeArgs: ['--expose-gc', '--import', gc] });
  const people: Member[] = [];
  for (let index = 0; index < PEOPLE; index++) people.push(await Member.open(t, server.port).signUp(`member-${index}`));
  const descriptors = await descriptorsOf(server);
  for (let round = 0; round < ROUNDS; round++) await visit(t, server, people, `first ${round}`);
  const before = await heapOf(server, 1);
  for (let round = 0; round < ROUNDS; round++) await visit(t, server, people, `second ${round}`);
  const growth = (await heapOf(server, 2)) - before;
  assert.equal(await eventually(() => descriptorsOf(server), descriptors), descriptors);
  t.diagnostic(`${(growth / MIB).toFixed(2)} MiB more on the heap, ${descriptors} descriptors`);
  assert.ok(growth < MIB, `the heap grew by ${growth} bytes`);
});
