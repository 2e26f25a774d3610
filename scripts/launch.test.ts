import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { LaunchedProject } from './lib/launched-project.ts';
import { ROOT } from './lib/tree.ts';

const INSTALLED: string = './lib/installed.mjs';
const TINY = ['tiny', 'tiny/index.js', 'tiny/lib.js', 'tiny/package.json'];
const PROGRAM = 'console.log(process.argv.slice(2).join())';

test('what is installed here fits, also without the packages for development', async () => {
  type Module = { readonly misfits: (folder: string, withDev: boolean) => string[] };
  const { misfits } = (await import(INSTALLED)) as Module;
  assert.deepEqual([misfits(ROOT, false), misfits(ROOT, true)], [[], []]);
});

test('the first run sets up and says so, the next one does not, a changed lock file sets up again', async (t) => {
  const project = new LaunchedProject(t);
  const first = await project.run(PROGRAM, { args: ['a', '--b'] });
  assert.deepEqual([first.code, first.stdout], [0, 'a,--b\n']);
  assert.match(first.stderr, /installing dependencies \(tiny is missing\)/);
  assert.deepEqual(await project.run(PROGRAM, { args: ['1'] }), { code: 0, stdout: '1\n', stderr: '' });
  assert.deepEqual(project.calls, ['ci --omit=dev']);
  project.lock({ tiny: '1.1.0' });
  const changed = await project.run(PROGRAM);
  assert.match(changed.stderr, /tiny is 1\.0\.0 instead of 1\.1\.0/);
  assert.equal(project.calls.length, 2);
});

test('what npm has installed is used, without a word and without npm', async (t) => {
  const project = new LaunchedProject(t, 'exit 7');
  project.install({ tiny: '1.0.0', tool: '2.0.0' });
  for (const file of ['src/program.ts', 'test/program.ts']) {
    assert.deepEqual(await project.run(PROGRAM, { file }), { code: 0, stdout: '\n', stderr: '' });
  }
  assert.deepEqual(project.calls, []);
});

test('a program of the server needs no package for development, a program of the tests does', async (t) => {
  const project = new LaunchedProject(t, 'exit 7');
  project.install({ tiny: '1.0.0' });
  for (const file of ['src/program.ts', 'examples/program.ts', 'mine.ts']) {
    assert.equal((await project.run(PROGRAM, { file })).code, 0, file);
  }
  for (const file of ['scripts/program.ts', 'test/program.ts', 'bench/program.ts', 'src/program.test.ts']) {
    const { code, stderr } = await project.run(PROGRAM, { file });
    assert.equal(code, 1, file);
    assert.match(stderr, /tool is missing/);
  }
  assert.deepEqual(new Set(project.calls), new Set(['ci --include=dev']));
});

test('packages for development that are there are not taken away', async (t) => {
  const project = new LaunchedProject(t);
  project.install({ tiny: '0.9.0', tool: '2.0.0' });
  await project.run(PROGRAM);
  assert.deepEqual(project.calls, ['ci --include=dev']);
});

const damages: { readonly [name: string]: (project: LaunchedProject) => void } = {
  'no folder': (project) => rmSync(project.path('node_modules'), { recursive: true }),
  'no package': (project) => rmSync(project.path('node_modules/tiny'), { recursive: true }),
  'no package.json': (project) => rmSync(project.path('node_modules/tiny/package.json')),
  'half a package.json': (project) => writeFileSync(project.path('node_modules/tiny/package.json'), '{"ver'),
  'another version': (project) => project.install({ tiny: '1.0.1' }),
  'no code behind its entry': (project) => rmSync(project.path('node_modules/tiny/lib.js')),
  'no code': (project) => rmSync(project.path('node_modules/tiny/index.js')),
};
for (const [name, damage] of Object.entries(damages)) {
  test(`a damaged installation is mended where npm works, and otherwise left as it is: ${name}`, async (t) => {
    const project = new LaunchedProject(t, 'exit 7');
    project.install({ tiny: '1.0.0' });
    writeFileSync(project.path('node_modules/mine.txt'), '');
    damage(project);
    const before = project.files('node_modules');
    const offline = await project.run(PROGRAM);
    assert.equal(offline.code, 1);
    assert.match(
      offline.stderr,
      /installing dependencies \(tiny .*\)[^]*"npm ci .*" failed\. Check that npm .*, then run the same command again/,
    );
    assert.deepEqual(project.files('node_modules'), before);
    project.setNpm();
    assert.equal((await project.run(PROGRAM)).code, 0);
    assert.deepEqual(project.files('node_modules'), TINY);
    assert.deepEqual(project.leftovers(), []);
  });
}

test('an installation that is killed leaves node_modules as it was, and the next run installs', async (t) => {
  const project = new LaunchedProject(
    t,
    'mkdir node_modules; echo begun; while [ -e package.json ]; do sleep 0.1; done; exit 1',
  );
  project.install({ tiny: '0.9.0' });
  const before = project.files('node_modules');
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    const child = project.start(PROGRAM);
    await project.said(child, 'begun');
    child.kill(signal);
    await once(child, 'exit');
    assert.deepEqual(project.files('node_modules'), before, signal);
  }
  // The npm of the killed launcher still runs; nothing of it is used.
  project.setNpm();
  assert.equal((await project.run(PROGRAM)).code, 0);
  assert.deepEqual(project.leftovers(), []);
});

test('a setup that was killed between its two renames is taken back', async (t) => {
  const project = new LaunchedProject(t, 'exit 7');
  project.install({ tiny: '0.9.0' });
  mkdirSync(project.path('.setup'));
  project.move('node_modules', '.setup/old');
  assert.equal((await project.run(PROGRAM)).code, 1);
  assert.deepEqual(project.files('node_modules'), TINY);
});

test('of two simultaneous first runs one sets up and the other waits', async (t) => {
  const project = new LaunchedProject(t);
  const runs = await Promise.all([project.run(PROGRAM), project.run(PROGRAM)]);
  assert.deepEqual(
    runs.map(({ code, stdout }) => [code, stdout]),
    [
      [0, '\n'],
      [0, '\n'],
    ],
  );
  assert.equal(project.calls.length, 1);
  assert.deepEqual(project.leftovers(), []);
});

test('the lock of a process that has ended is ignored, also an empty one', async (t) => {
  const gone = spawn(process.execPath, ['--version']);
  await once(gone, 'exit');
  for (const holder of [String(gone.pid), '']) {
    const project = new LaunchedProject(t);
    writeFileSync(project.path('.setup.lock'), holder);
    assert.equal((await project.run(PROGRAM)).code, 0);
    assert.deepEqual(project.leftovers(), []);
  }
});

test('the lock of a process that runs is waited for, but not one that is older than the last start of the machine', async (t) => {
  const project = new LaunchedProject(t);
  const lock = project.path('.setup.lock');
  writeFileSync(lock, String(process.pid));
  const waiting = project.start(PROGRAM);
  await project.said(waiting, 'another setup is running');
  assert.deepEqual(project.calls, []);
  const beforeStart = Date.now() / 1_000 - uptime() - 3_600;
  utimesSync(lock, beforeStart, beforeStart);
  assert.deepEqual(await once(waiting, 'exit'), [0, null]);
  assert.deepEqual(project.leftovers(), []);
});

test('without a package-lock.json that can be read the error says so', async (t) => {
  const project = new LaunchedProject(t);
  for (const text of ['{', null]) {
    if (text === null) rmSync(project.path('package-lock.json'));
    else writeFileSync(project.path('package-lock.json'), text);
    const { code, stderr } = await project.run(PROGRAM);
    assert.equal(code, 1);
    assert.match(stderr, /^parlance: package-lock\.json cannot be read \(.*restore it.*\n$/);
  }
});

test('in a folder that cannot be written, what is there runs; what is missing is named, with what to do', async (t) => {
  const project = new LaunchedProject(t);
  project.install({ tiny: '1.0.0' });
  chmodSync(project.folder, 0o555);
  assert.deepEqual(await project.run(PROGRAM, { stranger: true }), { code: 0, stdout: '\n', stderr: '' });
  const { code, stderr } = await project.run(PROGRAM, { file: 'test/program.ts', stranger: true });
  assert.equal(code, 1);
  assert.match(stderr, /^parlance: node_modules does not fit .* \(tool is missing\) .*EACCES.*Run "npm ci" in .*\n$/);
  assert.deepEqual(project.calls, []);
});

test('an old Node is replaced by the one in node_modules, whatever its version, if it is new enough', async (t) => {
  const project = new LaunchedProject(t, 'exit 7');
  project.install({ tiny: '1.0.0' });
  const missing = await project.run(PROGRAM, { oldNode: true });
  assert.equal(missing.code, 1);
  assert.match(missing.stderr, /installing Node .* is needed[^]*"npm install .* node@[\d.]+.*" failed/);
  project.installNode('v23.11.0');
  assert.equal((await project.run(PROGRAM, { oldNode: true })).code, 1);
  project.installNode('v24.9.1');
  assert.deepEqual(await project.run(PROGRAM, { oldNode: true }), { code: 0, stdout: 'the Node here\n', stderr: '' });
});

test('npm ci ends with an old Node replaced, so that a later start needs no network; it does not fail if that fails', async (t) => {
  const project = new LaunchedProject(t, 'exit 7');
  project.install({ tiny: '1.0.0' });
  const offline = await project.runPostinstall({ oldNode: true });
  assert.equal(offline.code, 0);
  assert.match(offline.stderr, /"npm install .* failed\. .* Or: install Node .* or newer \(https:/);
  project.setNpm();
  assert.equal((await project.runPostinstall({ oldNode: true })).code, 0);
  project.setNpm('exit 7');
  assert.equal((await project.run(PROGRAM, { oldNode: true })).stdout, 'the Node from npm\n');
  assert.deepEqual(await project.runPostinstall({ oldNode: true }), { code: 0, stdout: '', stderr: '' });
  assert.deepEqual(await project.runPostinstall({}), { code: 0, stdout: '', stderr: '' });
  assert.equal(project.calls.length, 2);
});

test('a new installation keeps the Node in node_modules, and a new Node the packages', async (t) => {
  const project = new LaunchedProject(t);
  project.install({ tiny: '0.9.0' });
  project.installNode('v25.0.0');
  assert.equal((await project.run(PROGRAM, { oldNode: true })).stdout, 'the Node here\n');
  assert.deepEqual(project.calls, ['ci --omit=dev']);
  project.installNode('v20.0.0');
  assert.equal((await project.run(PROGRAM, { oldNode: true })).stdout, 'the Node from npm\n');
  assert.ok(existsSync(project.path('node_modules/tiny/index.js')));
  assert.deepEqual(project.leftovers(), []);
});

test('the exit code is that of the program', async (t) => {
  const project = new LaunchedProject(t);
  assert.equal((await project.run('process.exit(3)')).code, 3);
  assert.equal((await project.run("process.kill(process.pid, 'SIGKILL')")).code, 137);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`${signal} reaches the program, and the launcher waits for its end`, async (t) => {
    const project = new LaunchedProject(t);
    const child = project.start(waiting(`process.on('${signal}', () => process.exit(5))`));
    await project.said(child, 'ready');
    child.kill(signal);
    assert.deepEqual(await once(child, 'exit'), [5, null]);
  });
}

test('SIGUSR1 and SIGUSR2 neither end the launcher nor open its debugger', async (t) => {
  const project = new LaunchedProject(t);
  project.install({ tiny: '1.0.0' });
  const child = project.start(waiting("process.on('SIGHUP', () => process.exit(5))"));
  await project.said(child, 'ready');
  for (const signal of ['SIGUSR1', 'SIGUSR2', 'SIGHUP'] as const) child.kill(signal);
  const [code] = await once(child, 'exit');
  assert.deepEqual([code, project.stderrOf(child)], [5, '']);
});

test('SIGUSR1 opens no debugger in the program, not even before it listens for signals', async (t) => {
  const project = new LaunchedProject(t);
  project.install({ tiny: '1.0.0' });
  const child = project.start("process.kill(process.pid, 'SIGUSR1'); setTimeout(() => console.log('ended'), 500)");
  await once(child, 'close');
  assert.deepEqual([child.exitCode, project.stderrOf(child)], [0, '']);
});

test('when the launcher is killed, the program is told to stop', async (t) => {
  const project = new LaunchedProject(t);
  const child = project.start(waiting("process.on('SIGTERM', () => { console.log('stopped'); process.exit() })"));
  await project.said(child, 'ready');
  child.kill('SIGKILL');
  await project.said(child, 'stopped');
});

test('when npm is killed, by any signal, the launcher stops the program', async (t) => {
  const project = new LaunchedProject(t);
  const code = waiting("process.on('SIGTERM', () => { console.log('stopped'); process.exit() })");
  for (const signal of ['SIGKILL', 'SIGHUP'] as const) {
    const npm = project.startByNpm(code);
    await project.said(npm, 'ready');
    npm.kill(signal);
    await project.said(npm, 'stopped');
  }
});

/** A program that says `ready` and then waits. */
function waiting(code: string): string {
  return `${code}; setInterval(() => {}, 1000); console.log('ready')`;
}

test('package.json starts the launcher without a shell between it and npm', (t: TestContext) => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: object };
  for (const script of Object.values(scripts)) t.assert.ok(String(script).startsWith('exec node scripts/launch.mjs '));
  t.assert.ok(readdirSync(ROOT).includes('package-lock.json'));
});
