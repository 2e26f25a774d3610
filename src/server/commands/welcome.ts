import type { Protocol } from '../../protocols/protocol.ts';
import type { Config } from '../config/schema.ts';
import type { OpenPort } from '../ports.ts';
import { firstOwnerCommand } from './owner.ts';

/** What a person at a terminal is told when the server runs: where, what it speaks, how to try it, how to stop it, how to own it. */
export function welcome(
  config: Config,
  ports: readonly OpenPort[],
  protocols: readonly Protocol[],
  hasOwner: boolean,
): string {
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
    ...(example == null ? [] : [`Try it:      nc ${host} ${main}   then type   ${example}`]),
    'Stop it:     Ctrl-C',
    '',
    ...(hasOwner ? [] : ['It has no owner yet. From another terminal:', `  ${firstOwnerCommand(config)}`, '']), // SERVER-83
    '',
  ].join('\n');
}

/** How a protocol is reached besides by the port for everything, in brackets; empty if it is not. */
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
