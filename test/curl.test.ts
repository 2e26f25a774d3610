import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { startServerProcess } from '../testing/server.ts';
import { temporaryDirectory } from '../testing/temporary.ts';
import { selfSignedCertificate } from '../testing/transports/certificate.ts';

const run = promisify(execFile);
const hasCurl = spawnSync('curl', ['--version']).status === 0;

test('PORT-60 PORT-61 PORT-62 curl gets the health page with --http2, by way of a proxy, and with every method', async (t) => {
  if (!hasCurl) return t.skip('curl is not installed here');
  const directory = temporaryDirectory(t);
  const { cert, key } = await selfSignedCertificate();
  writeFileSync(join(directory, 'cert.pem'), cert);
  writeFileSync(join(directory, 'key.pem'), key);
  const tls = ['--tls-cert', join(directory, 'cert.pem'), '--tls-key', join(directory, 'key.pem')];
  const server = await startServerProcess(t, { args: [...tls, '--c2-port', '0'] });
  const own = Number((await server.line('listening', ({ only }) => only === 'c2')).port);
  const status = async (...args: readonly string[]) => {
    const { stdout } = await run('curl', ['-sk', '--max-time', '20', '-w', '|%{http_code}', ...args]);
    return stdout;
  };
  for (const port of [server.port, own]) {
    const plain = `http://127.0.0.1:${port}`;
    for (const url of [`${plain}/healthz`, `https://127.0.0.1:${port}/healthz`]) {
      for (const args of [['--http2'], ['--http1.1'], ['--http1.0'], ['--http2', '-d', 'body', '-X', 'GET']]) {
        assert.equal(await status(...args, url), '{"status":"ok"}\n|200', `${args} ${url}`);
      }
      assert.equal(await status('--http2', '-o', '/dev/null', '-I', url), '|200');
      for (const method of ['OPTIONS', 'POST', 'PROPFIND', 'QUERY']) {
        assert.match(await status('--http2', '-X', method, url), /\|405$/, method);
      }
    }
    assert.match(await status('-X', 'BREW', `${plain}/healthz`), /\|400$/);
    assert.equal(await status('-x', plain, 'http://chat.example/healthz?x=http://y'), '{"status":"ok"}\n|200');
    assert.equal(
      await status('--http2', `${plain}/healthz`, `${plain}/none`),
      '{"status":"ok"}\n|200There is no such page here.\n|404',
    );
  }
});
