import { readFile } from 'node:fs/promises';
import { isIPv4, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { ipv6Groups } from './address.ts';

/** One file for each version of IP. Other systems than Linux have neither. */
const FILES = ['/proc/net/tcp', '/proc/net/tcp6'];
const LINE =
  /^ *\d+: ([0-9A-F]+:[0-9A-F]{4} [0-9A-F]+:[0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):\S+ \S+ ([0-9A-F]{8}) +\d+ +(\d+) /;
const TIME_WAIT = '06';

/** What the kernel knows of one TCP connection. */
export type TcpState = {
  /** Both sides have ended it in order, ours first: the peer acknowledged all bytes before its own end. */
  readonly isTimeWait: boolean;
  /** Bytes that the peer has not acknowledged. */
  readonly unacknowledged: number;
  /** The peer has not answered what was sent again, or asked, because it did not answer in time. */
  readonly isUnanswered: boolean;
};

/** Reads the kernel's table of TCP connections. */
export class TcpTable {
  readonly #files: readonly string[];
  #running: Promise<string | null> | null = null;
  #next: Promise<string | null> | null = null;

  constructor(files: readonly string[] = FILES) {
    this.#files = files;
  }

  /** The states of those of these connections that the kernel still has, by key; null if the system has no such table. */
  async find(keys: ReadonlySet<string>): Promise<ReadonlyMap<string, TcpState> | null> {
    const text = await this.#read();
    if (text === null) return null;
    const found = new Map<string, TcpState>();
    for (const line of text.split('\n')) {
      if (!keys.has(keyOf(line))) continue;
      const [, key = '', state = '', unacknowledged = '', retransmits = '', probes = ''] = LINE.exec(line) ?? [];
      found.set(key, {
        isTimeWait: state === TIME_WAIT,
        unacknowledged: Number.parseInt(unacknowledged, 16),
        isUnanswered: Number.parseInt(retransmits, 16) > 0 || Number(probes) > 0,
      });
    }
    return found;
  }

  /** Calls during a read share the one after it, since only that one sees what they ask for. */
  #read(): Promise<string | null> {
    if (this.#running === null) return this.#start();
    this.#next ??= this.#running.then(() => {
      this.#next = null;
      return this.#start();
    });
    return this.#next;
  }

  #start(): Promise<string | null> {
    const running = this.#readNow().finally(() => {
      if (this.#running === running) this.#running = null;
    });
    this.#running = running;
    return running;
  }

  async #readNow(): Promise<string | null> {
    const texts = await Promise.all(this.#files.map((file) => readFile(file, 'latin1').catch(() => null)));
    return texts.every((text) => text === null) ? null : texts.join('\n');
  }
}

type Endpoints = Pick<Socket, 'localAddress' | 'localPort' | 'remoteAddress' | 'remotePort'>;

/** Without the pattern, since the table may have tens of thousands of lines, and few of them are looked for. */
function keyOf(line: string): string {
  const start = line.indexOf(': ') + 2;
  return line.slice(start, line.indexOf(' ', line.indexOf(' ', start) + 1));
}

/** The key of an open socket in the table. */
export function tcpKey({ localAddress, localPort, remoteAddress, remotePort }: Endpoints): string {
  return `${endpoint(localAddress, localPort)} ${endpoint(remoteAddress, remotePort)}`;
}

/** The kernel writes an address as numbers of 32 bits, in hexadecimal, in the byte order of the machine. */
function endpoint(address = '', port = 0): string {
  const bytes = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address);
  if (endianness() === 'LE') bytes.swap32();
  return `${bytes.toString('hex')}:${port.toString(16).padStart(4, '0')}`.toUpperCase();
}

function ipv6Bytes(address: string): Buffer {
  const bytes = Buffer.alloc(16);
  for (const [index, group] of ipv6Groups(address.replace(/%.*$/, '')).entries()) bytes.writeUInt16BE(group, index * 2);
  return bytes;
}
