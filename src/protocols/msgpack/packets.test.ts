import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp, type TestApp } from '../../../testing/app.ts';
import { bytesOfLine, MsgpackReader } from '../../../testing/transcripts/msgpack-lines.ts';
import { msgpack } from './index.ts';

/** A client on a stream that sends several requests in one packet. */
function open(app: TestApp) {
  const { link, peer } = app.connect(msgpack);
  const reader = new MsgpackReader();
  return {
    link,
    /** Sends these requests in one packet. Returns all bytes that were received since the last call. */
    async say(...requests: readonly (readonly unknown[])[]): Promise<(readonly unknown[])[]> {
      const packets = requests.map((values) => bytesOfLine(JSON.stringify(values)));
      for (const packet of packets) reader.sent(packet);
      peer.send(Buffer.concat(packets));
      await app.settle();
      return reader.push(peer.take()).map((line) => JSON.parse(line) as readonly unknown[]);
    },
  };
}

/** A client that is logged in, and the token of its login. */
async function member(app: TestApp, name: string) {
  const client = open(app);
  const [made, answer = []] = await client.say(['register', name, 'secret'], ['login', name, 'secret']);
  assert.deepEqual(made, ['response', true]);
  return { ...client, token: String(answer[3]) };
}

const wrong = ['response', false, 'wrong name, password or token'];

test('MSGP-26 MSGP-39 requests before a logout are done first, and requests after it in the same packet are refused', async () => {
  const app = await openTestApp();
  const bob = await member(app, 'bob');
  const { token, say, link } = await member(app, 'alice');
  const says = (content: string) => ['msg_group', 'alice', token, 'lobby', content];
  const heard = await say(says('one'), ['logout', 'alice'], says('two'), ['login', 'alice', 'secret'], says('three'));
  const answers = heard.filter(([kind]) => kind === 'response');
  const fresh = String(answers[3]?.[3]);
  assert.deepEqual(answers, [['response', true], ['response', true], wrong, ['response', true, 'alice', fresh], wrong]);
  assert.notEqual(fresh, token);
  assert.deepEqual(await bob.say(), [['update', 'msg_group', 'lobby', 'alice', 'one']]);
  assert.equal(link.ended, null);
});

test('MSGP-31 MSGP-39 several first requests with a token in one packet are each answered, and then shown once', async () => {
  const app = await openTestApp();
  const bob = await member(app, 'bob');
  const alice = await member(app, 'alice');
  await alice.say(['logout', 'alice']);
  const [answer = []] = await alice.say(['login', 'alice', 'secret']);
  const token = String(answer[3]);
  const { say } = open(app);
  const heard = await say(
    ['join_group', 'alice', token, 'nothing'],
    ['whisper', 'alice', token, 'bob', 'hi'],
    ['msg_group', 'alice', token, 'lobby', 'all'],
  );
  assert.deepEqual(heard, [
    ['response', false, 'there is nothing of that name'],
    ['response', true],
    ['response', true],
    ['update', 'msg_group', 'lobby', 'alice', 'all'],
  ]);
  assert.deepEqual(await bob.say(), [
    ['update', 'whisper', 'alice', 'hi'],
    ['update', 'msg_group', 'lobby', 'alice', 'all'],
  ]);
});

test('MSGP-32 T12 T22 a token on the connection of another person neither sends nor receives there', async () => {
  const app = await openTestApp();
  const alice = await member(app, 'alice');
  const bob = await member(app, 'bob');
  const refused = ['response', false, 'somebody else is logged in on this connection'];
  assert.deepEqual(await bob.say(['whisper', 'alice', alice.token, 'bob', 'hi'], ['logout', 'alice']), [
    refused,
    ['response', false, 'you are not logged in under this name here'],
  ]);
  assert.deepEqual(await bob.say(['whisper', 'bob', bob.token, 'alice', 'yours?']), [['response', true]]);
  assert.deepEqual(await alice.say(['join_group', 'alice', alice.token, 'lobby']), [
    ['update', 'whisper', 'bob', 'yours?'],
    ['response', true],
  ]);
});
