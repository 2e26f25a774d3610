import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RawClient } from '../testing/transports/raw-client.ts';
import { startServerProcess } from '../testing/server.ts';

const HASH = 'a'.repeat(64);

/** What a shell might pipe into a connection, and the end of the answers. */
const pipes: readonly (readonly [protocol: string, sent: string, ends: RegExp])[] = [
  [
    'codechat',
    '{"cmd":"connect","username":"cora"}{"cmd":"msg","msg":"piped"}{"cmd":"get-clients"}',
    /"success":true.*\n.*"success":true.*\n.*"clients":\["cora"\]\}\n$/,
  ],
  ['c2', 'c2/CONNECT carl\nc2/MSG 1; from c2\n', /c2\/ACKNOWLEDGE\n[^]*c2\/MSG carl; 1; [^;]*; from c2\n$/],
  [
    'msgpack',
    '\xa8register\xa3meg\xaapassword 1\xa5login\xa3meg\xaapassword 1',
    /^\xa8response\xc3\xa8response\xc3\xa3meg.{20,}$/s,
  ],
  [
    'tagged',
    `{"message":"register","username":"tom","password":"${HASH}","tag":"1"}{"message":"login","username":"tom","password":"${HASH}","tag":"2"}`,
    /"tag":"1".*"result":201|"result":201.*"tag":"1".*\n.*"reply":"login".*\n$/,
  ],
];

test('CONN-70 PORT-43 a client that pipes all requests and half-closes gets all answers, then the connection is closed', async (t) => {
  const server = await startServerProcess(t);
  for (const [protocol, sent, ends] of pipes) {
    const client = await RawClient.connect(server.port);
    t.after(() => client.destroy());
    client.socket.end(Buffer.from(sent, 'latin1'));
    assert.match(await client.closed(), ends, protocol);
  }
});
