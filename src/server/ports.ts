import type { Clock, Log } from '../core/ports.ts';
import type { Protocol } from '../protocols/protocol.ts';
import { AddressRanges } from '../transports/address-ranges.ts';
import { Admission } from '../transports/accept/admission.ts';
import { AckMonitor } from '../transports/ack-monitor.ts';
import { LivenessMonitor } from '../transports/liveness-monitor.ts';
import { TcpTable } from '../transports/tcp-table.ts';
import { parseOrigin } from '../transports/accept/origin.ts';
import type { Port, PortOptions } from '../transports/accept/port.ts';
import type { Certificate } from '../transports/accept/tls.ts';
import type { Config } from './config/schema.ts';
import { listen } from './listen.ts';
import { admissionLimits, transportLimits } from './settings.ts';

/** The options that all ports of a server share. */
export type PortsOptions = {
  readonly config: Config;
  readonly protocols: readonly Protocol[];
  readonly accept: PortOptions['accept'];
  readonly handler: PortOptions['handler'];
  /** Without it there is no TLS. */
  readonly certificate?: Certificate;
  /** Called for each connection that is over a limit. */
  readonly refused: () => void;
  readonly clock: Clock;
  readonly log: Log;
};

const ZEROMQ = 'zeromq';

/** An open port; `only` is the one protocol it speaks, or `zeromq`, or null for the port that speaks everything. */
export type OpenPort = { readonly only: string | null; readonly port: Port };

/** Opens the port for everything, then those for one protocol or ZeroMQ. If one fails, closes all and rejects with a sentence for the operator. */
export async function openPorts(options: PortsOptions): Promise<readonly OpenPort[]> {
  const { config, protocols } = options;
  const common = commonOptions(options);
  const own = [...protocols.map(({ name }) => name), ZEROMQ].flatMap((name) => {
    const port = config.ports[name];
    return typeof port === 'number' ? [{ only: name, number: port }] : [];
  });
  const opened: OpenPort[] = [];
  try {
    for (const { only, number } of [{ only: null, number: config.port }, ...own]) {
      const port = await listen(only === null ? '--port' : `--${only}-port`, {
        ...common,
        host: config.host,
        port: number,
        ...speaking(only),
      });
      opened.push({ only, port });
    }
  } catch (error) {
    await closePorts(opened);
    throw error;
  }
  return opened;
}

function speaking(only: string | null): Pick<PortOptions, 'only' | 'zeromqOnly'> {
  if (only === null) return {};
  return only === ZEROMQ ? { zeromqOnly: true } : { only }; // SERVER-11
}

/** Closes the ports and ends every connection at once. */
export async function closePorts(ports: readonly OpenPort[]): Promise<void> {
  await Promise.all(ports.map(({ port }) => port.close()));
}

function commonOptions({ config, protocols, certificate, accept, handler, refused, clock, log }: PortsOptions) {
  const limits = transportLimits(config);
  const protocol = protocols.map(({ name }) => name).join(', ');
  return {
    protocols,
    ...(certificate && { certificate }),
    origins: {
      hosts: config.public_hosts,
      allowOrigins: config.allow_origins.flatMap((origin) => parseOrigin(origin) ?? []),
    },
    proxies: new AddressRanges(config.trusted_proxies),
    handler,
    usage: () => `${config.name}: this chat server speaks ${protocol}, and HTTP for more about it`,
    accept,
    admission: new Admission(admissionLimits(config), clock, log, refused),
    liveness: new LivenessMonitor(limits, clock),
    acks: new AckMonitor(new TcpTable(), clock),
    limits,
    clock,
    log,
  };
}
