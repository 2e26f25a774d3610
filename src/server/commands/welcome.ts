import type { Protocol } from '../../protocols/protocol.ts';
import type { Config } from '../config/schema.ts';
import type { OpenPort } from '../ports.ts';

/** The text for a terminal when the server runs: its port, its protocols, how to try it, stop it and make an owner. */
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
export function firstOwnerCommand({ data }: Pick<Config, 'data'>): string {
  const quoted = /^[\w./-]+$/.test(data) ? data : `'${data.replaceAll("'", String.raw`'\''`)}'`; // SERVER-83
  return `npm run parlance -- admin user create NAME --role owner --data ${quoted}`;
}
