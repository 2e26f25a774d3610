import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';

const LAUNCHER = new URL('launch.mjs', import.meta.url);

type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A project with only the launcher, and an npm that counts its calls. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), 'parlance-launch-'));

  constructor(t: TestContext, npm = 'sleep 0.3; mkdir -p node_modules') {
    t.after(() => rmSync(this.folder, { recursive: true }));
    for (const name of ['scripts', 'bin']) mkdirSync(join(this.folder, name));
    copyFileSync(LAUNCHER, join(this.folder, 'scripts/launch.mjs'));
    writeFileSync(join(this.folder, 'package-lock.json'), '{}');
    writeFileSync(join(this.folder, 'bin/npm'), `#!/bin/sh\necho "$1" >> calls\n${npm}\n`, { mode: 0o755 });
  }

  start(code: string, ...args: string[]): ChildProcessWithoutNullStreams {
    const path = [join(this.folder, 'bin'), dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    return spawn(process.execPath, ['scripts/launch.mjs', '--eval', code, '--', ...args], {
      cwd: this.folder,
      env: { ...env, PATH: path },
    });
  }

  async run(code: string, ...args: string[]): Promise<Ended> {
    const child = this.start(code, ...args);
    const [stdout, stderr] = [text(child.stdout), text(child.stderr)];
    const [status] = (await once(child, 'exit')) as [number | null];
    return { code: status, stdout: await stdout, stderr: await stderr };
  }

  /** The number of calls of npm. */
  get calls(): number {
    const file = join(this.folder, 'calls');
    return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').length : 0;
  }

  get isLocked(): boolean {
    return existsSync(join(this.folder, '.setup.lock'));
  }
}

test('the first run sets up and says so, the next one does not, a changed lock file sets up again', async (t) => {
  const project = new Project(t);
  const first = await project.run('console.log(process.argv.slice(1).join())', 'a', '--b');
  assert.deepEqual([first.code, first.stdout], [0, 'a,--b\n']);
  assert.match(first.stderr, /installing dependencies/);
  assert.deepEqual(await project.run('console.log(1)'), { code: 0, stdout: '1\n', stderr: '' });
  assert.equal(project.calls, 1);
  writeFileSync(join(project.folder, 'package-lock.json'), '{ }');
  await project.run('0');
  assert.equal(project.calls, 2);
});

test('of two simultaneous first runs one sets up and the other waits', async (t) => {
  const project = new Project(t);
  const runs = await Promise.all([project.run('console.log(1)'), project.run('console.log(1)')]);
  assert.deepEqual(
    runs.map(({ code, stdout }) => [code, stdout]),
    [
      [0, '1\n'],
      [0, '1\n'],
    ],
  );
  assert.equal(project.calls, 1);
  assert.equal(project.isLocked, false);
});

test('the lock of a process that has ended is ignored', async (t) => {
  const project = new Project(t);
  const gone = spawn(process.execPath, ['--version']);
  await once(gone, 'exit');
  writeFileSync(join(project.folder, '.setup.lock'), String(gone.pid));
  assert.equal((await project.run('0')).code, 0);
  assert.equal(project.isLocked, false);
});

test('an installation that fails says what to do, and the next run tries again', async (t) => {
  const project = new Project(t, 'exit 7');
  const { code, stderr } = await project.run('0');
  assert.equal(code, 1);
  assert.match(stderr, /"npm ci .*" failed\. Check that npm .*, then run the same command again/);
  await project.run('0');
  assert.equal(project.calls, 2);
});

test('the exit code is that of the program', async (t) => {
  const project = new Project(t);
  assert.equal((await project.run('process.exit(3)')).code, 3);
  assert.equal((await project.run("process.kill(process.pid, 'SIGKILL')")).code, 137);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} reaches the program, and the launcher waits for its end`, async (t) => {
    const project = new Project(t);
    const child = project.start(
      `process.on('${signal}', () => process.exit(5)); setInterval(() => {}, 1000); console.log('ready')`,
    );
    t.after(() => child.kill('SIGKILL'));
    await once(child.stdout, 'data');
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [5, null]);
  });
}
