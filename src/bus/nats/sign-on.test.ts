import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { joinNats } from '../../../testing/bus-members.ts';
import { NatsServer, noPrivateNats } from '../../../testing/nats.ts';
import { temporaryDirectory } from '../../../testing/temporary.ts';
import { selfSignedCertificate } from '../../../testing/transports/certificate.ts';

const options = { skip: noPrivateNats };

test('BUS-20 a node signs on by a user and a password, or by a token', options, async (t) => {
  const byUser = await NatsServer.start(t, 'authorization { user: ada, password: "a:b@c" }');
  const byToken = await NatsServer.start(t, 'authorization { token: "to,ken" }');
  for (const [{ port }, signOn] of [
    [byUser, 'ada:a%3Ab%40c'],
    [byToken, 'to%2Cken'],
  ] as const) {
    const { bus } = await joinNats(t, `nats://${signOn}@127.0.0.1:${port}`, 'one');
    assert.ok(bus.isConnected);
    const { bus: wrong, log } = await joinNats(t, `nats://secret${signOn}@127.0.0.1:${port}`, 'two');
    assert.deepEqual([wrong.isConnected, log.events], [false, ['bus-unreachable']]);
    assert.match(String(log.lines[0]?.fields.reason), /authorization/i);
    assert.ok(!JSON.stringify(log.lines).includes('secret'));
  }
});

test('BUS-20 a tls: URL demands TLS, with a certificate that this machine trusts', options, async (t) => {
  const { cert, key } = await selfSignedCertificate();
  const directory = temporaryDirectory(t);
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const secure = await NatsServer.start(t, `tls { cert_file: "${certFile}", key_file: "${keyFile}" }`);
  const plain = await NatsServer.start(t);
  const tls = (port: number) => `tls://localhost:${port}`;
  const untrusted = await joinNats(t, tls(secure.port), 'one');
  assert.deepEqual([untrusted.bus.isConnected, untrusted.log.events], [false, ['bus-unreachable']]);
  await untrusted.bus.close();
  const trusted = getCACertificates();
  setDefaultCACertificates([...trusted, cert]);
  t.after(() => setDefaultCACertificates(trusted));
  assert.ok((await joinNats(t, tls(secure.port), 'two')).bus.isConnected);
  assert.ok(!(await joinNats(t, tls(plain.port), 'three')).bus.isConnected);
});
