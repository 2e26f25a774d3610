const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

/** A header of the PROXY protocol, version 2; it may claim another length than that of its rest. */
export function proxyHeader2(command: number, family: number, rest: Buffer, length = rest.length): Buffer {
  return Buffer.concat([SIGNATURE, Buffer.from([command, family, length >> 8, length & 0xff]), rest]);
}

/** The header of version 2 for a connection by TCP over IPv4. */
export function proxyHeader4(source: string): Buffer {
  return proxyHeader2(
    0x21,
    0x11,
    Buffer.from([...source.split('.').map(Number), 127, 0, 0, 1, 0x30, 0x39, 0x13, 0x88]),
  );
}
