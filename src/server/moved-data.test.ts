import assert from 'node:assert/strict';
import { cpSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test, { type TestContext } from 'node:test';
import { getPage } from '../../testing/http.ts';
import { runParlance, type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { TextClient } from '../../testing/text-client.ts';

const HASH = 'a'.repeat(64);

async function started(t: TestContext) {
  const parent = temporaryDirectory(t);
  const dataDir = join(parent, 'data');
  const server = await startServerProcess(t, { dataDir });
  return { parent, dataDir, elsewhere: join(parent, 'elsewhere'), server };
}

/** Asks for the health until it is the wanted one; returns the page's text. */
async function health(server: ServerProcess, status: number): Promise<string> {
  for (;;) {
    const page = await getPage(`${server.http}/healthz`);
    if (page.status === status) return page.text;
  }
}

/** One logged-in client of each protocol that is text, with what it sends to say a word and how that is answered. */
async function speakers({ url }: ServerProcess) {
  const c2 = await TextClient.enter(url, 'carl');
  const codechat = await TextClient.open(`${url}codechat`);
  assert.match((await codechat.ask('{"cmd":"connect","username":"cora"}')) ?? '', /"success":true/);
  const tagged = await TextClient.open(`${url}tagged`);
  const request = (message: string, fields: object) => JSON.stringify({ message, ...fields, tag: 't' });
  const account = { username: 'tom', password: HASH };
  assert.match((await tagged.ask(request('register', account))) ?? '', /"result":201/);
  assert.match((await tagged.ask(request('login', account))) ?? '', /"result":200/);
  const body = Buffer.from('word').toString('base64');
  return [
    {
      client: c2,
      says: 'c2/MSG 1; word',
      answer: /^c2\/(ACKNOWLEDGE|ERROR)/,
      yes: /^c2\/ACK/,
      no: /^c2\/ERROR .*later/,
    },
    {
      client: codechat,
      says: '{"cmd":"msg","msg":"word"}',
      answer: /"success"/,
      yes: /"success":true/,
      no: /"success":false,"error-msg":".*later/,
    },
    {
      client: tagged,
      says: request('chat.group', { to: 'lobby', body, timestamp: '2026-01-01T00:00:00.000Z' }),
      answer: /"reply":"default"/,
      yes: /"result":20\d/,
      no: /"result":50\d/,
    },
  ];
}

type Speaker = Awaited<ReturnType<typeof speakers>>[number];

async function say({ client, says, answer }: Speaker): Promise<string> {
  client.send(says);
  for (;;) {
    const frame = await client.next();
    if (frame === null) return 'the connection ended';
    if (answer.test(frame)) return frame;
  }
}

test('SERVER-40 SERVER-90 a data directory that is moved away: every request is refused in its protocol, the page and the log say why, and moving it back mends it', async (t) => {
  const { dataDir, elsewhere, server } = await started(t);
  const all = await speakers(server);
  for (const speaker of all) assert.match(await say(speaker), speaker.yes);
  for (let round = 0; round < 2; round++) {
    renameSync(dataDir, elsewhere);
    for (const speaker of all) assert.match(await say(speaker), speaker.no);
    const guest = await TextClient.enter(server.url, `guest${round}`);
    guest.send('c2/MSG 1; word');
    await guest.until('c2/ERROR');
    guest.close();
    const ban = await runParlance(['admin', 'ban', 'mallory', '--data', elsewhere]);
    assert.equal(ban.code, 1);
    assert.match(await health(server, 503), /"reason":"the data directory, .* was moved or removed: move it back, or/);
    assert.match(String((await server.line('storage-unavailable')).reason), /was moved or removed/);
    renameSync(elsewhere, dataDir);
    for (const speaker of all) assert.match(await say(speaker), speaker.yes);
    await health(server, 200);
    await server.line('storage-available');
  }
  assert.equal((await server.stop()).code, 0);
});

test('STORE-60 STORE-65 SERVER-15 a data directory that is emptied: nothing is acknowledged, and a second server is kept out until the first has stopped', async (t) => {
  const { dataDir, server } = await started(t);
  const alice = await TextClient.enter(server.url, 'alice');
  assert.equal(await alice.ask('c2/MSG 1; before'), 'c2/ACKNOWLEDGE');
  for (const name of readdirSync(dataDir)) rmSync(join(dataDir, name));
  const second = await runParlance(['serve', '--port', '0', '--host', '127.0.0.1', '--data', dataDir]);
  assert.equal(second.code, 1);
  assert.match(
    second.stderr,
    new RegExp(`^parlance: the data directory ${dataDir} is in use by process ${server.pid}\\.`),
  );
  await alice.until('c2/MSG');
  assert.match((await alice.ask('c2/MSG 1; after')) ?? '', /^c2\/ERROR/);
  await server.line('storage-unavailable');
  assert.equal((await server.stop()).code, 0);
  const third = await startServerProcess(t, { dataDir });
  assert.equal((await third.stop()).code, 0);
});

test('STORE-60 SERVER-40 a backup restored under the server: nothing is acknowledged until the restart, which uses the backup', async (t) => {
  const { dataDir, elsewhere, server } = await started(t);
  const alice = await TextClient.enter(server.url, 'alice');
  assert.equal(await alice.ask('c2/MSG 1; in the backup'), 'c2/ACKNOWLEDGE');
  await alice.until('c2/MSG');
  cpSync(dataDir, elsewhere, { recursive: true, filter: (path) => !path.endsWith('.sock') });
  assert.equal(await alice.ask('c2/MSG 1; not in the backup'), 'c2/ACKNOWLEDGE');
  await alice.until('c2/MSG');
  rmSync(dataDir, { recursive: true });
  cpSync(elsewhere, dataDir, { recursive: true });
  assert.match((await alice.ask('c2/MSG 1; too late')) ?? '', /^c2\/ERROR/);
  assert.match(await health(server, 503), /other files are in the place .* restart the server/);
  assert.equal((await server.stop()).code, 0);
  const again = await startServerProcess(t, { dataDir });
  const bob = await TextClient.enter(again.url, 'bob');
  assert.match(await bob.until('c2/MSG'), /; in the backup/);
  assert.equal(await bob.ask('c2/PING'), await bob.ask('c2/PING'));
});

/** The texts of all messages in a directory that no server has open. */
function textsIn(directory: string): Set<string> {
  const db = new DatabaseSync(join(directory, 'parlance.db'));
  const rows = db.prepare('SELECT body FROM message').all();
  db.close();
  return new Set(rows.map(({ body }) => (JSON.parse(String(body)) as { text: string }).text));
}

test('STORE-61 STORE-45 a directory that is moved away under load: what was acknowledged is in it, what was refused is not', async (t) => {
  for (let round = 0; round < 3; round++) {
    const { dataDir, elsewhere, server } = await started(t);
    const clients = await Promise.all(['ann', 'ben', 'cem', 'dan'].map((name) => TextClient.enter(server.url, name)));
    const acknowledged: string[] = [];
    const refused: string[] = [];
    let moved = false;
    const talk = async (client: TextClient, who: number) => {
      for (let count = 0; ; count++) {
        const word = `${who}-${count}`;
        client.send(`c2/MSG 1; ${word}`);
        let answer: string | null;
        do answer = await client.next();
        while (answer?.startsWith('c2/MSG'));
        if (answer?.startsWith('c2/ERROR')) {
          refused.push(word);
          if (moved) return;
        } else acknowledged.push(word);
        if (acknowledged.length === 100 + round) {
          renameSync(dataDir, elsewhere);
          moved = true;
        }
      }
    };
    await Promise.all(clients.map(talk));
    server.kill('SIGKILL');
    await server.exited;
    const found = textsIn(elsewhere);
    assert.ok(acknowledged.length >= 100 && refused.length >= 4);
    for (const word of acknowledged) assert.ok(found.has(word), `${word} was acknowledged and is lost`);
    for (const word of refused) assert.ok(!found.has(word), `${word} was refused and is there`);
  }
});
