import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import test from 'node:test';
import type { Command } from 'commander';
import { Value } from 'typebox/value';
import { FakeClock } from '../../../testing/clock.ts';
import { configSchema } from '../config/schema.ts';
import { options } from '../config/options.ts';
import type { OpenPort } from '../ports.ts';
import { silentLog } from '../../../testing/world.ts';
import { stop } from './run-service.ts';
import { adminCommand, durationMs } from './admin.ts';
import { serveCommand } from './serve.ts';
import { handleSignals } from './signals.ts';
import { firstOwnerCommand, type WelcomeFacts, welcome } from './welcome.ts';

test('SERVER-67 durations are a number and a unit', () => {
  const known = { '1s': 1_000, '10m': 600_000, '2h': 7_200_000, '7d': 604_800_000, '36500d': 36_500 * 86_400_000 };
  for (const [text, ms] of Object.entries(known)) assert.equal(durationMs(text), ms);
  for (const text of ['', '10', 'm', '0m', '-1m', '1.5h', '1 h', '1w', '1H', '36501d', '9999999999s', '01m']) {
    assert.equal(durationMs(text), null, text);
  }
});

/** The commands under this one, at any depth, whose first argument is a name. */
function namedCommands(parent: Command): Command[] {
  return parent.commands.flatMap((command) => [
    ...(command.registeredArguments[0]?.name() === 'name' ? [command] : []),
    ...namedCommands(command),
  ]);
}

test('SERVER-131 for every command with a name -h is an error, and the help says that such a name comes after --', async () => {
  const commands = namedCommands(adminCommand());
  assert.ok(commands.length >= 8);
  for (const command of commands) {
    const hint = `A name that begins with - comes last, after --, as in: ${command.name()} -- -h`;
    const shown: string[] = [];
    const show = (text: string) => shown.push(text);
    command.exitOverride().configureOutput({ writeOut: show, writeErr: show });
    const parse = (...args: string[]) => command.parseAsync(args, { from: 'user' });
    await assert.rejects(parse('-h'), { code: 'commander.unknownOption', exitCode: 1 });
    await assert.rejects(parse('bob', '-h'), { code: 'commander.unknownOption', exitCode: 1 });
    assert.ok(shown.includes(`${hint}\n`), command.name());
    shown.length = 0;
    await assert.rejects(parse('--help'), { code: 'commander.helpDisplayed' });
    assert.ok(shown.join('').endsWith(`\n${hint}\n`), command.name());
    const names: unknown[] = [];
    command.action((name) => void names.push(name));
    for (const name of ['-h', '--help', '-', '--data', '--', '-5', '--reason']) {
      await parse('--data', 'x', '--', name, ...(command.registeredArguments.length > 1 ? ['user'] : []));
      assert.equal(names.pop(), name);
    }
  }
});

test('SERVER-53 a signal stops the server; another ends it at once unless it is the same press of a key', () => {
  const clock = new FakeClock();
  const exits: number[] = [];
  const emitter = new EventEmitter();
  const signalled = Object.assign(emitter, { exit: (code: number) => exits.push(code) });
  let stops = 0;
  handleSignals(signalled, clock, { atTerminal: false, stop: () => stops++, reload: () => {} });
  emitter.emit('SIGINT');
  assert.equal(stops, 1);
  emitter.emit('SIGTERM');
  clock.advance(499);
  emitter.emit('SIGINT');
  assert.deepEqual([stops, exits], [1, []]);
  clock.advance(1);
  emitter.emit('SIGTERM');
  assert.deepEqual([stops, exits], [1, [1]]);
});

test('SERVER-125 SIGHUP reloads, at a terminal it stops; what else comes of a closed terminal does not cut the stop short', () => {
  for (const atTerminal of [true, false]) {
    const clock = new FakeClock();
    const told: (string | number)[] = [];
    const signalled = Object.assign(new EventEmitter(), { exit: (code: number) => told.push(code) });
    handleSignals(signalled, clock, {
      atTerminal,
      stop: () => told.push('stop'),
      reload: () => told.push('reload'),
    });
    signalled.emit('SIGHUP');
    clock.advance(1_000);
    signalled.emit('SIGHUP');
    signalled.emit('SIGTERM');
    assert.deepEqual(told, atTerminal ? ['stop'] : ['reload', 'reload', 'stop']);
    clock.advance(1_000);
    signalled.emit('SIGINT');
    assert.equal(told.at(-1), 1);
  }
});

test('SERVER-52 a complete stop ends with code 0, an incomplete one with code 1 and a line in the log', async () => {
  for (const complete of [true, false]) {
    const told: (string | number)[] = [];
    const note = (event: string) => told.push(event);
    const log = { ...silentLog, info: note, error: note };
    await stop({ stop: async () => complete }, log, (code) => told.push(code));
    assert.deepEqual(told, complete ? ['stopping', 'stopped', 0] : ['stopping', 'stop-incomplete', 1]);
  }
});

const open = (only: string | null, port: number) => ({ only, port: { address: { port } } }) as OpenPort;
const protocol = {
  name: 'abc',
  title: 'letters',
  example: 'abc/hello',
  zeromq: false,
} as WelcomeFacts['protocols'][number];
const config = Value.Create(configSchema);

function welcomeWith(facts: Partial<WelcomeFacts>): string {
  return welcome({ config, ports: [open(null, 80)], protocols: [], hasOwner: true, address: null, ...facts });
}

test('SERVER-18 the welcome names the port and the protocols, and says how to try and stop the server', () => {
  const other = { ...protocol, name: 'num', title: 'numbers', example: null };
  const ports = [open(null, 4_321), open('num', 99)];
  const text = welcomeWith({ config: { ...config, data: '/data' }, ports, protocols: [other, protocol] });
  assert.match(text, /Parlance is running on port 4321 and keeps its data in \/data\./);
  assert.match(text, /num +numbers \(also alone on port 99\)\n +abc +letters\n/);
  assert.match(text, /http:\/\/localhost:4321\/ /);
  assert.match(text, /nc localhost 4321 +then type +abc\/hello\n/);
  assert.match(text, /Ctrl-C/);
});

test('SERVER-18 the welcome says which protocols work by ZeroMQ, and the port for ZeroMQ alone', () => {
  const both = [{ ...protocol, name: 'num', title: 'numbers', zeromq: true }, protocol];
  const text = (...ports: readonly OpenPort[]) => welcomeWith({ ports: [open(null, 1), ...ports], protocols: both });
  assert.match(text(), /num +numbers \(also by ZeroMQ\)\n +abc +letters\n/);
  assert.match(text(open('zeromq', 42)), /num +numbers \(also by ZeroMQ, alone on port 42\)\n +abc +letters\n/);
  assert.match(
    text(open('zeromq', 42), open('num', 9)),
    /numbers \(also alone on port 9; also by ZeroMQ, alone on port 42\)\n/,
  );
});

test('SERVER-18 the welcome names the configured address, and has nothing to type without an example', () => {
  const text = welcomeWith({ config: { ...config, host: '::1' }, protocols: [{ ...protocol, example: null }] });
  assert.match(text, /port 80 of ::1 /);
  assert.match(text, /http:\/\/\[::1\]:80\//);
  assert.doesNotMatch(text, /nc /);
  assert.match(welcomeWith({ config: { ...config, host: '0.0.0.0' } }), /http:\/\/localhost:80\//);
});

test('SERVER-132 the welcome says how to come from another machine, and how commands find this server', () => {
  const address = '192.0.2.7';
  const text = welcomeWith({ config: { ...config, data: '/srv/chat' }, address });
  assert.match(
    text,
    /http:\/\/localhost:80\/ .*\n +http:\/\/192\.0\.2\.7:80\/ from another machine\n +by a name .* --public-host\n/,
  );
  assert.match(text, /npm run parlance -- admin --help .* --data \/srv\/chat\)/);
  const bound = welcomeWith({ config: { ...config, host: '127.0.0.1', public_hosts: ['chat.example.org'] }, address });
  assert.doesNotMatch(bound, /192\.0\.2\.7|--public-host/);
});

test('SERVER-83 the welcome has a command to make the first owner, until there is one', () => {
  const text = (hasOwner: boolean) => welcomeWith({ config: { ...config, data: "/my data/it's" }, hasOwner });
  const command = String.raw`npm run parlance -- admin user create NAME --role owner --data '/my data/it'\''s'`;
  assert.ok(text(false).includes(`\n  ${command}\n`));
  assert.doesNotMatch(text(true), /owner/);
  assert.match(firstOwnerCommand({ data: '/srv/parlance-1' }), / --data \/srv\/parlance-1$/);
});

test('SERVER-09 every option of the schema is a flag of serve, with its meaning and its values', () => {
  const help = serveCommand().helpInformation().replaceAll(/\s+/g, ' ');
  for (const { flag, description, kind, isPath, expects } of options) {
    assert.ok(help.includes(` --${flag} `), flag);
    assert.ok(help.includes(isPath || kind === 'flag' ? description : `${description} Values: ${expects}.`), flag);
  }
  assert.match(help, / --registration <text> [^:]+: [^:]+ Values: open or closed\. Default: open --/);
  assert.match(help, / --tls-key <path> [^:]+\. --/);
  assert.doesNotMatch(help, /undefined/);
  assert.match(help, / --public-metrics Let .* too\. --/);
  assert.match(help, / --private-lines <true\|false> .* Default: true --/);
  assert.match(help, / --font-style <text> [^:]+: [^:]+ Values: [^:]+\. --/);
});
