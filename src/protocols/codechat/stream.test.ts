import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTestApp } from '../../../testing/app.ts';
import { openTestPort } from '../../../testing/transports/port.ts';
import { RawClient } from '../../../testing/transports/raw-client.ts';
import type { Clock } from '../../core/ports.ts';
import { systemClock } from '../../server/clock.ts';
import { protocols } from '../index.ts';

const utf8 = new TextEncoder();

/** A whole conversation as clients of the time write it: without anything between the objects. */
const conversation = utf8.encode(
  '{"cmd":"connect","username":"alice"}{"cmd":"msg","msg":"{é}\\""}' +
    '{"cmd":"rename","oldname":"alice","newname":"Alice"}{"cmd":"get-clients"}{"cmd":"exit"}',
);

const yes = '{"success":true,"error-msg":"","success-msg":""}\n';
const names = '{"success":true,"error-msg":"","success-msg":"bob, Alice","clients":["bob","Alice"]}\n';

/** What the client of this conversation must receive, and what another client must receive. */
const answers = `${yes}${yes}${yes}${names}${yes}`;
const shown = [
  '{"cmd":"client-enter","user":"alice","from":"alice"}\n',
  '{"cmd":"message","user":"alice","msg":"{é}\\"","from":"alice","payload":"{é}\\""}\n',
  '{"cmd":"client-exit","user":"alice","from":"alice"}\n{"cmd":"client-enter","user":"Alice","from":"Alice"}\n',
  '{"cmd":"client-exit","user":"Alice","from":"Alice"}\n',
].join('');

/** An app in which another client is online. */
async function withBob(options: { clock?: Clock } = {}) {
  const app = await openTestApp(options);
  const connect = () => {
    const { link, peer } = app.connect('codechat');
    return { link, peer, take: () => new TextDecoder().decode(peer.take()) };
  };
  const bob = connect();
  bob.peer.send(utf8.encode('{"cmd":"connect","username":"bob"}'));
  await app.settle();
  assert.equal(bob.take(), yes);
  return { app, connect, bob };
}

test('CODE-02 CODE-10 CODE-35 a conversation of objects without separators, cut at every byte', async () => {
  const { app, connect, bob } = await withBob();
  for (let cut = 0; cut <= conversation.length; cut++) {
    const alice = connect();
    alice.peer.send(conversation.slice(0, cut));
    await app.settle();
    alice.peer.send(conversation.slice(cut));
    await app.settle();
    assert.deepEqual([alice.take(), bob.take()], [answers, shown], `cut at ${cut}`);
    assert.equal(alice.link.ended?.kind, 'done');
  }
});

test('CODE-02 CODE-10 a conversation one byte at a time', async () => {
  const { app, connect, bob } = await withBob();
  const alice = connect();
  for (const byte of conversation) {
    alice.peer.send(Uint8Array.of(byte));
    await app.settle();
  }
  assert.deepEqual([alice.take(), bob.take()], [answers, shown]);
});

test('CODE-06 T2 broken JSON ends a conversation: commands before it are done, commands after it are not', async () => {
  const { app, connect, bob } = await withBob();
  const alice = connect();
  alice.peer.send(utf8.encode('{"cmd":"connect","username":"alice"}{"cmd":"msg","msg":"a",}{"cmd":"msg","msg":"b"}'));
  await app.settle();
  assert.equal(alice.take(), `${yes}{"success":false,"error-msg":"not JSON","success-msg":""}\n`);
  assert.deepEqual(alice.link.ended, { kind: 'broken', reason: 'not JSON' });
  assert.equal(
    bob.take(),
    '{"cmd":"client-enter","user":"alice","from":"alice"}\n{"cmd":"client-exit","user":"alice","from":"alice"}\n',
  );
});

test('CODE-02 CODE-08 CODE-10 over a real socket: in one packet, and cut before the protocol is detected', async (t) => {
  const { app, bob } = await withBob({ clock: systemClock });
  t.after(() => app.stop());
  const { port } = await openTestPort(t, { clock: systemClock, protocols, accept: app.accept });
  for (const cut of [0, 1, 3, 6, 7, 36, 37, 60]) {
    const alice = await RawClient.connect(port);
    t.after(() => alice.destroy());
    if (cut > 0) await alice.send(conversation.slice(0, cut));
    await alice.send(conversation.slice(cut));
    assert.deepEqual([await alice.closed(), bob.take()], [answers, shown], `cut at ${cut}`);
  }
});
