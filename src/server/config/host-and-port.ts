import { isIPv4, isIPv6 } from 'node:net';

const PARTS = /^(?:\[([^\]%]*)\]|([^:[\]]*)):([1-9]\d{0,4})$/;
const LABEL = /^(?!-)[A-Za-z0-9-]{1,63}(?<!-)$/;
const MAX_NAME = 253;
const MAX_PORT = 65_535;

/** Whether a text is `host:port`: a name, an IPv4 address or an IPv6 address in brackets, and a port. */
export function isHostAndPort(text: string): boolean {
  const [, v6, host = '', port] = PARTS.exec(text) ?? [];
  if (port === undefined || Number(port) > MAX_PORT) return false;
  return v6 === undefined ? isIPv4(host) || isHostName(host) : isIPv6(v6);
}

/** A name whose last part is a number would be read as an address by some. */
function isHostName(text: string): boolean {
  const labels = text.split('.');
  return text.length <= MAX_NAME && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '');
}
