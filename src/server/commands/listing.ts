import { Command, InvalidArgumentError } from 'commander';
import { absolutePath } from '../config/paths.ts';
import { parseRange } from '../../transports/address-ranges.ts';

const DATA = './listing';
const PORT = 8_080;
const HELP = `
Servers announce themselves by the REST service of c2.txt, people find them on the page. /openapi.json describes the service,
/healthz says whether it is well. See docs/listing.md.`;

type Given = {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly allowPrivate?: boolean;
  readonly trustedProxy?: readonly string[];
};

/** `parlance listing`: runs a directory of servers until a signal stops it. */
export function listingCommand(): Command {
  return new Command('listing')
    .description('Run a public directory of chat servers until a signal stops it (Ctrl-C).')
    .option('--port <number>', 'The port; 0 takes any free one.', portNumber, PORT)
    .option('--host <text>', 'The address to listen on; `::` is every address of this machine.', '::')
    .option('--data <path>', 'The directory for the list.', DATA)
    .option('--allow-private', 'Also list servers in private networks and on this machine, for a LAN.')
    .option(
      '--trusted-proxy <text>',
      'A proxy in front of the service, as address or range: whom it names as its client counts. Can be given several times.',
      proxies,
    )
    .addHelpText('after', HELP)
    .action(async ({ port, host, data, allowPrivate = false, trustedProxy = [] }: Given) => {
      // Imported here, so that other commands do not load the service.
      const { runListing } = await import('./run-listing.ts');
      const directory = absolutePath(data, process.cwd(), process.env);
      await runListing({ host, port, portFlag: '--port', data: directory, allowPrivate, trustedProxies: trustedProxy });
    });
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('It must be an integer from 0 to 65535.');
  return port;
}

function proxies(text: string, before: readonly string[] = []): readonly string[] {
  if (parseRange(text) === null) throw new InvalidArgumentError('It must be an address or a range such as 10.0.0.0/8.');
  return [...before, text];
}
