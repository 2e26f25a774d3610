import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { startListingProcess, startServerProcess } from '../../testing/server.ts';
import { temporaryDirectory } from '../../testing/temporary.ts';
import { selfSignedCertificate } from '../../testing/transports/certificate.ts';
import { blocksOf, filled } from '../proxy/page.ts';
import { freePort, missingProgram, startNginx } from '../proxy/programs.ts';
import { pingedId } from './pinged-id.ts';

test('LIST-01 LIST-08 LIST-09 behind the nginx of docs/listing.md everything works, over TLS', {
  skip: missingProgram() ?? false,
}, async (t) => {
  const directory = temporaryDirectory(t);
  const { cert, key } = await selfSignedCertificate();
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  writeFileSync(certFile, cert);
  writeFileSync(keyFile, key);
  const own = ['--data', join(directory, 'list'), '--allow-private', '--trusted-proxy', '127.0.0.1'];
  const listing = await startListingProcess(t, own);
  const port = await freePort();
  const [block = ''] = blocksOf('nginx', 'listing.md');
  const configuration = filled(block, {
    '443 ssl': `127.0.0.1:${port} ssl`,
    '/etc/ssl/servers.example.org.pem': certFile,
    '/etc/ssl/servers.example.org.key': keyFile,
    '127.0.0.1:8080': `127.0.0.1:${listing.port}`,
  });
  await startNginx(t, directory, configuration, '', [port]);

  async function ask(method: string, path: string, body = '', headers = {}): Promise<readonly [number, string]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly [number, string]>();
    const options = {
      method,
      port,
      path,
      rejectUnauthorized: false,
      headers: { Host: 'servers.example.org', ...headers },
    };
    request(options, (response) => {
      text(response).then((answer) => resolve([response.statusCode ?? 0, answer]), reject);
    })
      .on('error', reject)
      .end(body);
    return promise;
  }

  const server = await startServerProcess(t);
  const path = `/servers/${await pingedId(server.port)}`;
  const [status, entryKey] = await ask('POST', path, `{"serverName":"Behind","address":"127.0.0.1:${server.port}"}`);
  assert.equal(status, 201, entryKey);
  const authorization = { Authorization: `C2Listing ${entryKey}` };
  assert.deepEqual(await ask('PUT', path, '{"connectedUsers":3}', authorization), [200, '']);
  assert.match((await ask('GET', '/'))[1], /Behind.*3 of 50/s);
  assert.match((await ask('GET', '/style.css'))[1], /color-scheme/);
  assert.deepEqual(await ask('DELETE', path, '', authorization), [200, '']);
});
