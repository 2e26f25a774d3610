import { spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { waitForIo } from '../../testing/condition.ts';
import type { Cleanup } from '../../testing/temporary.ts';

/** Where Debian's package `libnginx-mod-stream` puts its module. */
const STREAM_MODULE = '/usr/lib/nginx/modules/ngx_stream_module.so';
/** Below the range that Linux takes ports from by itself. */
const [FIRST_PORT, LAST_PORT] = [20_000, 30_000];
const TEMPORARY = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

/** What a test of proxies needs and this machine lacks, or null. */
export function missingProgram(): string | null {
  for (const [program, flag] of [
    ['nginx', '-v'],
    ['haproxy', '-v'],
  ] as const) {
    if (spawnSync(program, [flag]).status !== 0) return `${program} is not installed here`;
  }
  return existsSync(STREAM_MODULE) ? null : 'the stream module of nginx (libnginx-mod-stream) is not installed here';
}

/** A port that nothing uses; the system gives these to no program that takes any port, so that none takes it meanwhile. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer().listen(randomInt(FIRST_PORT, LAST_PORT), '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, 'close');
    return port;
  }
}

/** Runs nginx until the test ends, with this in its section `http`, and this beside it. */
export async function startNginx(
  cleanup: Cleanup,
  directory: string,
  http: string,
  beside: string,
  ports: readonly number[],
) {
  const file = join(directory, 'nginx.conf');
  const temporary = TEMPORARY.map((name) => `${name}_temp_path ${directory}/${name};`);
  const head = `load_module ${STREAM_MODULE};\npid ${directory}/nginx.pid;\nerror_log stderr;\nevents {}\n`;
  writeFileSync(file, `${head}http {\naccess_log off;\n${temporary.join('\n')}\n${http}\n}\n${beside}\n`);
  // One process, so that nothing is left when it ends.
  const flags = ['-p', directory, '-c', file, '-e', 'stderr', '-g', 'daemon off; master_process off;'];
  await start(cleanup, 'nginx', flags, ports);
}

/** Runs HAProxy until the test ends, with this configuration. */
export async function startHaproxy(
  cleanup: Cleanup,
  directory: string,
  name: string,
  configuration: string,
  ports: readonly number[],
) {
  const file = join(directory, `${name}.cfg`);
  writeFileSync(file, configuration);
  await start(cleanup, 'haproxy', ['-db', '-f', file], ports);
}

async function start(
  cleanup: Cleanup,
  program: string,
  args: readonly string[],
  ports: readonly number[],
): Promise<void> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const exited = once(child, 'close');
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  cleanup.after(async () => {
    child.kill('SIGTERM');
    await exited;
    process.off('exit', kill);
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += String(text)));
  for (const port of ports) {
    while (!(await accepts(port))) {
      if (child.exitCode !== null) throw new Error(`${program} ended: ${output}`);
      await waitForIo();
    }
  }
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const isOpen = await Promise.race([
    once(socket, 'connect').then(() => true),
    once(socket, 'close').then(() => false),
  ]).catch(() => false);
  socket.destroy();
  return isOpen;
}
