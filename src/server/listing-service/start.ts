import { DatabaseSync } from 'node:sqlite';
import type { Clock, Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { type Listing, openListing } from '../../listing/listing.ts';
import { resolveByDns, resolveBySystem } from '../../listing/ping/resolve.ts';
import { claimDirectory } from '../../storage/sqlite/claim.ts';
import { privateFile } from '../../storage/sqlite/private-file.ts';
import { Admission, defaultAdmissionLimits } from '../../transports/accept/admission.ts';
import type { PortOptions } from '../../transports/accept/port.ts';
import { AckMonitor } from '../../transports/ack-monitor.ts';
import { AddressRanges } from '../../transports/address-ranges.ts';
import { defaultLimits } from '../../transports/limits.ts';
import { LivenessMonitor } from '../../transports/liveness-monitor.ts';
import { TcpTable } from '../../transports/tcp-table.ts';
import { completesWithin } from '../completes-within.ts';
import { connectionLimit, fdLimit } from '../fd-limit.ts';
import { systemIds } from '../ids.ts';
import { listen } from '../listen.ts';

const DATABASE = 'listing.db';
/** How long a stop may take to answer begun requests. */
const STOP_MS = 9_000;
const USAGE = 'this is a directory of chat servers; it speaks HTTP';

/** The options of a listing service; they can be sent to another thread. */
export type ListingConfig = {
  readonly host: string;
  readonly port: number;
  /** The flag that sets the port, for what the operator is told. */
  readonly portFlag: string;
  /** The directory for everything that the service stores; made if it does not exist. */
  readonly data: string;
  readonly allowPrivate: boolean;
  readonly trustedProxies: readonly string[];
};

/** A running listing service. */
export type ListingServer = {
  readonly port: number;
  readonly address: string;
  /** Answers begun requests, closes everything; false if 9 s were not enough. */
  stop(): Promise<boolean>;
};

/** Starts a listing service; rejects with a sentence for the operator, and then leaves nothing open. */
export async function startListing(
  config: ListingConfig,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<ListingServer> {
  const { data, allowPrivate } = config;
  const release = await claimDirectory(data);
  const opened: (() => unknown)[] = [release];
  const closeAll = () => opened.toReversed().forEach((close) => close());
  try {
    const database = new DatabaseSync(privateFile(data, DATABASE));
    opened.push(() => database.isOpen && database.close());
    const resolve = allowPrivate ? resolveBySystem : resolveByDns();
    const listing = opening(data, () =>
      openListing({ database, allowPrivate, resolve, clock, ids: systemIds(clock), log }),
    );
    opened.push(listing.close);
    const port = await listen(config.portFlag, portOptions(config, listing.handler, clock, log));
    const stop = async () => {
      port.stopAccepting();
      await port.end();
      await port.close();
      closeAll();
    };
    const { port: number, address } = port.address;
    return { port: number, address, stop: () => completesWithin(STOP_MS, clock, stop()) };
  } catch (error) {
    closeAll();
    throw error;
  }
}

function opening(directory: string, open: () => Listing): Listing {
  try {
    return open();
  } catch (error) {
    const problem = `the list in ${directory} cannot be used (${reasonOf(error)})`;
    throw new Error(`${problem}. Move ${DATABASE} out of there to begin with an empty one`, { cause: error }); // SERVER-232
  }
}

/** The port speaks HTTP only, within the limits that the port of the chat has. */
function portOptions(config: ListingConfig, handler: PortOptions['handler'], clock: Clock, log: Log): PortOptions {
  const connections = connectionLimit(defaultAdmissionLimits.connections, fdLimit());
  return {
    host: config.host,
    port: config.port,
    protocols: [],
    origins: { hosts: [], allowOrigins: [] },
    proxies: new AddressRanges(config.trustedProxies),
    handler,
    usage: () => USAGE,
    accept: () => {},
    admission: new Admission({ ...defaultAdmissionLimits, connections }, clock, log, () => {}),
    liveness: new LivenessMonitor(defaultLimits, clock),
    acks: new AckMonitor(new TcpTable(), clock),
    limits: defaultLimits,
    clock,
    log,
  };
}
