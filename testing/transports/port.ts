import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { WebSocket } from 'ws';
import { Admission, type AdmissionLimits, defaultAdmissionLimits } from '../../src/transports/accept/admission.ts';
import type { Sniff } from '../../src/transports/accept/detect.ts';
import { AddressRanges } from '../../src/transports/address-ranges.ts';
import { AckMonitor } from '../../src/transports/ack-monitor.ts';
import { LivenessMonitor } from '../../src/transports/liveness-monitor.ts';
import { TcpTable } from '../../src/transports/tcp-table.ts';
import { defaultLimits, type TransportLimits } from '../../src/transports/limits.ts';
import { openPort, type Port, type PortOptions } from '../../src/transports/accept/port.ts';
import type { ProtocolInfo } from '../../src/transports/accept/protocol-info.ts';
import { FakeClock } from '../clock.ts';
import { RecordingReceiver } from './recording-receiver.ts';
import { Condition } from '../condition.ts';

export const USAGE = 'This port speaks letters and numbers.';

function startsWith(start: string): Sniff {
  const expected = Buffer.from(start, 'latin1');
  return (bytes) => {
    const length = Math.min(expected.length, bytes.length);
    if (!expected.subarray(0, length).equals(bytes.subarray(0, length))) return 'no';
    return length === expected.length ? 'yes' : 'more';
  };
}

/** Two protocols of tests: `letters` begins with `abc/`; `numbers` begins with 0x91 0x01 or comes over ZeroMQ. */
const toyProtocols: readonly ProtocolInfo[] = [
  { name: 'letters', sniff: startsWith('abc/'), frames: 'text', zeromq: false },
  { name: 'numbers', sniff: startsWith('\x91\x01'), frames: 'binary', zeromq: true },
];

/** Limits with which a peer that cannot be asked has got at once what it was sent, for tests in which no time passes. */
export const PROMPT = { survivalMs: 0, pongSurvivalMs: 0 };

export type TestPortOptions = Partial<Omit<PortOptions, 'limits'>> & {
  readonly limits?: Partial<TransportLimits>;
  readonly admissionLimits?: Partial<AdmissionLimits>;
};

export type TestPort = {
  readonly port: number;
  readonly clock: FakeClock;
  readonly admission: Admission;
  /** The logged events, with their fields. */
  readonly logged: { readonly event: string; readonly [field: string]: unknown }[];
  /** The receivers of all links, in the order in which these were accepted. */
  readonly receivers: RecordingReceiver[];
  /** Resolves with the receiver of the link of this number, from 1 on, once it is accepted. */
  nth(count: number): Promise<RecordingReceiver>;
  /** Resolves once this many connections are open. */
  connections(count: number): Promise<void>;
  renewCertificate: Port['renewCertificate'];
  end(): Promise<void>;
  close(): Promise<void>;
  stopAccepting(): void;
};

/** A real port on 127.0.0.1 with toy protocols and a fake clock, closed when the test ends. */
export async function openTestPort(t: TestContext, options: TestPortOptions = {}): Promise<TestPort> {
  const clock = new FakeClock();
  const accepted = new Condition();
  const receivers: RecordingReceiver[] = [];
  const logged: TestPort['logged'] = [];
  const write = (event: string, fields: Record<string, unknown> = {}) => logged.push({ ...fields, event });
  const log = { info: write, warn: write, error: write };
  const admissionLimits = { ...defaultAdmissionLimits, ...options.admissionLimits };
  const admission = new Admission(admissionLimits, clock, log);
  const limits = { ...defaultLimits, ...options.limits };

  const port = await openPort({
    host: '127.0.0.1',
    port: 0,
    protocols: toyProtocols,
    origins: { hosts: [], allowOrigins: [] },
    proxies: new AddressRanges([]),
    handler: (_request, response) => response.end('a page'),
    usage: () => USAGE,
    accept: (link, protocol) => {
      const end = new RecordingReceiver(link, protocol);
      link.listen(end);
      receivers.push(end);
      accepted.notify();
    },
    admission,
    liveness: new LivenessMonitor(limits, clock),
    acks: new AckMonitor(new TcpTable(), clock),
    clock,
    log,
    ...options,
    limits,
  });
  t.after(() => port.close());

  async function nth(count: number): Promise<RecordingReceiver> {
    await accepted.until(() => receivers.length >= count);
    return receivers[count - 1] as RecordingReceiver;
  }

  async function connections(count: number): Promise<void> {
    while (admission.connections !== count) await new Promise((turn) => setImmediate(turn));
  }

  return {
    port: port.address.port,
    clock,
    admission,
    logged,
    receivers,
    nth,
    connections,
    renewCertificate: port.renewCertificate,
    end: port.end,
    close: port.close,
    stopAccepting: port.stopAccepting,
  };
}

/** A `ws` client that is connected. */
export async function openWebSocket(t: TestContext, port: TestPort, path: string): Promise<WebSocket> {
  const client = new WebSocket(`ws://127.0.0.1:${port.port}${path}`);
  t.after(() => client.terminate());
  await once(client, 'open');
  return client;
}
