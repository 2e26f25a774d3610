import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentsScene, type DocumentsClient } from '../../../testing/documents.ts';
import type { Key } from './schema.ts';

const newMessage = (text: string, more: object = {}) => ({ key: { type: 'msg' }, text, ...more });

async function scene() {
  const all = await DocumentsScene.open();
  const toto = await all.member('toto');
  const lobby: Key = { type: 'room', id: all.app.world.lobby };
  /** Lines of a c2 client. */
  const enter = (name: string) => {
    const { peer } = all.app.connect('c2');
    const shown = async () => {
      await all.app.settle();
      const lines = new TextDecoder().decode(peer.take()).split('\n');
      return lines.filter((line) => line.startsWith('c2/MSG')).map((line) => line.split('; ').slice(3).join('; '));
    };
    peer.send(new TextEncoder().encode(`c2/CONNECT ${name}\n`));
    return shown;
  };
  const reply = async (client: DocumentsClient, text: string, to: unknown) =>
    client.add<'msg'>(lobby, newMessage(text, { reply_to: to }));
  return { all, toto, lobby, enter, reply };
}

test('WORLD-170 CONN-127 DOC-94 other protocols see the start of what is answered on a first line, live and in history', async () => {
  const { toto, lobby, enter, reply } = await scene();
  const live = enter('live');
  await live();
  const first = await toto.add<'msg'>(lobby, newMessage('shall we meet?\nat noon'));
  const second = await reply(toto, 'yes', first);
  const long = await toto.add<'msg'>(lobby, newMessage('x'.repeat(100)));
  await reply(toto, 'too long', long);
  const expected = ['shall we meet? at noon', '> shall we meet? yes', 'x'.repeat(100), `> ${'x'.repeat(80)}… too long`];
  assert.deepEqual(await live(), expected);
  assert.deepEqual(await enter('later')(), expected);
  assert.equal((await toto.content(second)).text, 'yes');
  assert.deepEqual((await toto.content(second)).reply_to, first);
});

test('WORLD-170 an old message is quoted too, and of a deleted one nothing', async () => {
  const { toto, lobby, enter, reply } = await scene();
  const first = await toto.add<'msg'>(lobby, newMessage('long ago'));
  for (let number = 0; number < 300; number++) await toto.add(lobby, newMessage(`text ${number}`));
  const live = enter('live');
  await live();
  await reply(toto, 'yes', first);
  assert.deepEqual(await live(), ['> long ago yes']);
  await toto.ask('remove_child', { key: lobby, obj: { key: first } });
  await live();
  await reply(toto, 'still', first);
  assert.deepEqual(await live(), ['still']);
  assert.deepEqual((await enter('later')()).slice(-2), ['yes', 'still']);
});

test('CONN-127 an edit that replaces the message keeps the quote', async () => {
  const { toto, lobby, enter, reply } = await scene();
  const first = await toto.add<'msg'>(lobby, newMessage('hi!'));
  const answer = await reply(toto, 'hello', first);
  const live = enter('live');
  await live();
  await toto.patch(answer, { text: 'hello, all' });
  assert.deepEqual(await live(), ['> hi! hello, all']);
});
