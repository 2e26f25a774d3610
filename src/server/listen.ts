import { openPort, type Port, type PortOptions } from '../transports/accept/port.ts';

/** Opens the port of an option such as `--port`, on IPv4 alone if the machine has no IPv6; rejects with a sentence for the operator. */
export async function listen(flag: string, options: PortOptions, open: typeof openPort = openPort): Promise<Port> {
  try {
    return await open(options);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    const { host, port } = options;
    if (code === 'EAFNOSUPPORT' && host === '::') return listen(flag, { ...options, host: '0.0.0.0' }, open); // SERVER-12
    throw new Error(failureText(code, host, port, flag) ?? `cannot listen on port ${port}: ${String(error)}`, {
      cause: error,
    });
  }
}

function failureText(code: unknown, host: string, port: number, flag: string): string | null {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is in use by another program. Stop that one, or choose another port with ${flag}`; // SERVER-14
    case 'EACCES':
      return `port ${port} needs rights that this user does not have. Choose one above 1023 with ${flag}`; // SERVER-14
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine. Choose another with --host`; // SERVER-14
    default:
      return null;
  }
}
