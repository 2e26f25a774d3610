import { networkInterfaces } from 'node:os';
import type { Protocol } from '../../protocols/protocol.ts';
import type { Config } from '../config/schema.ts';
import type { OpenPort } from '../ports.ts';

/** What the welcome tells about a server. */
export type WelcomeFacts = {
  readonly config: Config;
  readonly ports: readonly OpenPort[];
  readonly protocols: readonly Protocol[];
  readonly hasOwner: boolean;
  /** The address of this machine in its network; null if it has none. */
  readonly address: string | null;
};

/** The text for a terminal when the server runs: its port, its protocols, how to try it, stop it and make an owner. */
export function welcome({ config, ports, protocols, hasOwner, address }: WelcomeFacts): string {
  const main = ports.find(({ only }) => only === null)?.port.address.port ?? config.port;
  const example = protocols.find((protocol) => protocol.example !== null)?.example;
  const everywhere = config.host === '::' || config.host === '0.0.0.0';
  const host = everywhere ? 'localhost' : config.host;
  return [
    '',
    `${config.name} is running on port ${main}${everywhere ? '' : ` of ${config.host}`} and keeps its data in ${config.data}.`,
    '',
    'It speaks:',
    ...protocols.map((protocol) => `  ${protocol.name.padEnd(10)} ${protocol.title}${moreWays(ports, protocol)}`),
    '',
    `Look at it:  http://${host.includes(':') ? `[${host}]` : host}:${main}/ in a browser`,
    ...(everywhere && address !== null ? [`             http://${address}:${main}/ from another machine`] : []), // SERVER-132
    ...(config.public_hosts.length === 0
      ? ['             by a name such as chat.example.org: start with --public-host']
      : []), // SERVER-132
    ...(example == null ? [] : [`Try it:      nc ${host} ${main}   then type   ${example}`]),
    'Stop it:     Ctrl-C',
    `Look after:  npm run parlance -- admin --help   (each command with ${dataFlag(config)})`, // SERVER-132
    '',
    ...(hasOwner ? [] : ['It has no owner yet. From another terminal:', `  ${firstOwnerCommand(config)}`, '']), // SERVER-83
    '',
  ].join('\n');
}

/** Other ways to reach a protocol than the port for everything, in brackets; empty if there are none. */
function moreWays(ports: readonly OpenPort[], { name, zeromq }: Protocol): string {
  const portFor = (only: string) => ports.find((port) => port.only === only)?.port.address.port;
  const own = portFor(name);
  const byZeromq = zeromq ? portFor('zeromq') : undefined;
  const ways = [
    ...(own === undefined ? [] : [`also alone on port ${own}`]),
    ...(zeromq ? [`also by ZeroMQ${byZeromq === undefined ? '' : `, alone on port ${byZeromq}`}`] : []),
  ];
  return ways.length === 0 ? '' : ` (${ways.join('; ')})`;
}

/** The command that makes the first owner of a running server; `NAME` is to be replaced. */
export function firstOwnerCommand(config: Pick<Config, 'data'>): string {
  return `npm run parlance -- admin user create NAME --role owner ${dataFlag(config)}`;
}

function dataFlag({ data }: Pick<Config, 'data'>): string {
  const quoted = /^[\w./-]+$/.test(data) ? data : `'${data.replaceAll("'", String.raw`'\''`)}'`; // SERVER-83
  return `--data ${quoted}`;
}

/** The first address of this machine that others in its network can reach, of IPv4 because it is easier to type. */
export function networkAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null;
}
