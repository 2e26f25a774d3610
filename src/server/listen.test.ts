import assert from 'node:assert/strict';
import test from 'node:test';
import type { Port, PortOptions } from '../transports/accept/port.ts';
import { listen } from './listen.ts';

const opened = {} as Port;

/** Opens ports on existing hosts only; for others it fails as the system does. */
function machine(failures: Record<string, string>) {
  const hosts: string[] = [];
  const open = async ({ host }: PortOptions): Promise<Port> => {
    hosts.push(host);
    const code = failures[host];
    if (code !== undefined) throw Object.assign(new Error(`listen ${code}`), { code });
    return opened;
  };
  const listenOn = (host: string) => listen('--c2-port', { host, port: 80 } as PortOptions, open);
  return { hosts, listenOn };
}

test('SERVER-12 without IPv6, every address means every address of IPv4', async () => {
  const { hosts, listenOn } = machine({ '::': 'EAFNOSUPPORT', '::1': 'EAFNOSUPPORT' });
  assert.equal(await listenOn('::'), opened);
  assert.deepEqual(hosts, ['::', '0.0.0.0']);
  await assert.rejects(listenOn('::1'), /EAFNOSUPPORT/);
  assert.equal(await machine({}).listenOn('::'), opened);
});

test('SERVER-14 the error says why a port cannot be opened, and what to do', async () => {
  const { listenOn } = machine({ a: 'EADDRINUSE', b: 'EACCES', c: 'EADDRNOTAVAIL', d: 'ENOTFOUND', e: 'EIO' });
  await assert.rejects(listenOn('a'), /^Error: port 80 is in use by another program\. .*--c2-port$/);
  await assert.rejects(listenOn('b'), /^Error: port 80 needs rights .*--c2-port$/);
  await assert.rejects(listenOn('c'), /^Error: c is no address of this machine\. .*--host$/);
  await assert.rejects(listenOn('d'), /^Error: d is no address of this machine\. .*--host$/);
  await assert.rejects(listenOn('e'), /^Error: cannot listen on port 80: .*EIO$/);
});
