import { systemClock } from '../clock.ts';
import { type ListingConfig, startListing } from '../listing-service/start.ts';
import { Outputs } from './outputs.ts';
import { runService } from './run-service.ts';

/** Runs a listing service until a signal stops it; then the process ends. */
export async function runListing(config: ListingConfig): Promise<void> {
  const outputs = new Outputs('info', systemClock);
  const { log } = outputs;
  const start = async () => ({
    ...(await startListing(config, { clock: systemClock, log })),
    failure: new Promise<string>(() => {}),
  });
  await runService(outputs, start, {
    started({ port, address }) {
      if (outputs.isTerminal) outputs.say(welcome(port, config.allowPrivate));
      log.info('listening', { port, address, only: 'http' });
    },
    reload: () => log.info('nothing-to-reload'),
  });
}

function welcome(port: number, allowPrivate: boolean): string {
  const which = allowPrivate ? 'any server that answers' : 'servers at public addresses';
  return `A directory of chat servers is at http://localhost:${port}/ and lists ${which}.
Announce one:  npm start -- --listing http://localhost:${port} --public-address HOST:PORT
Stop it with Ctrl-C.

`;
}
