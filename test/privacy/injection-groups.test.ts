import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { supports } from '../matrix/driver.ts';
import { drivers } from '../matrix/drivers.ts';
import { openServer } from '../matrix/server.ts';
import { requestsOf, protocolRequests } from './requests.ts';
import { openReadersAndWriters, hostileTexts } from './injection.ts';

const RUNS = { numRuns: 100 };
const SEPARATORS = /[;,[\]/~\s]/;

/** Protocols whose clients do not name the groups that they make, each with the reason. */
const withoutNames: ReadonlyMap<string, string> = new Map([
  ['documents', 'the server makes the group name from the display name (DOC-91)'],
]);

test('T14 names of groups: protocols with groups accept the same names and show them alike; others show nothing of them', async (t) => {
  const server = await openServer();
  t.after(() => server.close());
  const [readers, writers] = await openReadersAndWriters(server);
  const members = writers.filter(({ driver }) => supports(driver, 'sendToGroup') && !withoutNames.has(driver.protocol));
  assert.deepEqual(
    protocolRequests.filter(({ groups }) => groups !== undefined).map(({ protocol }) => protocol),
    members.map(({ driver }) => driver.protocol),
  );
  assert.ok(members.length > 1);
  const request = async (
    { client }: (typeof members)[number],
    type: 'create' | 'join',
    name: string,
  ): Promise<boolean> => {
    const { groups, isRefused } = requestsOf(client.protocol);
    return !isRefused(await client.raw(groups?.[type](name, client) ?? assert.fail('no groups')));
  };
  let created = 0;
  let lastTime = 0;
  const property = fc.asyncProperty(fc.nat(), hostileTexts(4), async (which, name) => {
    const creator = members[which % members.length] ?? assert.fail('no protocol with groups');
    const others = members.filter((one) => one !== creator);
    fc.pre(server.world.rooms.find(name) === undefined && server.world.people.find(name) === undefined);
    if (!(await request(creator, 'create', name))) {
      for (const other of others)
        assert.equal(await request(other, 'create', name), false, `${name} is refused by some protocols only`);
      return;
    }
    created += 1;
    assert.doesNotMatch(name, SEPARATORS);
    for (const other of others) assert.ok(await request(other, 'join', name), `${name} cannot be joined`);
    for (const member of members) {
      const sent = await member.client.sendToGroup(name, `in a group, ${++lastTime}`, lastTime);
      for (const { client, driver } of members.filter((one) => one !== member)) {
        const seen = await client.observed.waitFor({ kind: 'message', author: member.name, text: sent.text });
        assert.ok(seen.conversation.type === 'group', driver.protocol);
        assert.equal(seen.conversation.name.normalize('NFKC'), name.normalize('NFKC'));
        assert.equal(seen.conversation.name, seen.conversation.name.normalize('NFC'));
      }
    }
  });
  await fc.assert(property, RUNS);
  assert.ok(created >= 10, `${created}`);
  const sent = (await members[0]?.client.sendToLobby('the end', 1)) ?? assert.fail('no member');
  const others = writers.filter((one) => !members.includes(one));
  assert.equal(others.length + members.length, drivers.length);
  for (const { client, driver } of [...readers, ...others]) {
    await client.observed.waitFor(driver.expected.message(sent, 'lobby') ?? assert.fail('no lobby'));
    assert.deepEqual(client.observed.messagesWith('in a group'), [], driver.protocol);
  }
});
