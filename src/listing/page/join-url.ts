const TLS_PORT = ':443';

/** Where the web client of the server at this `host:port` is. */
export function joinUrl(address: string): string {
  return address.endsWith(TLS_PORT) ? `https://${address.slice(0, -TLS_PORT.length)}/` : `http://${address}/`; // LIST-86
}
