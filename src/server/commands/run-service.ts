import { isatty } from 'node:tty';
import type { Log } from '../../core/ports.ts';
import { reasonOf } from '../../lib/reason.ts';
import { systemClock } from '../clock.ts';
import type { Outputs } from './outputs.ts';
import { handleSignals } from './signals.ts';

/** What a process runs until it ends. */
export type Service = {
  /** Resolves, with the reason, when the service cannot go on; the process has to end then. */
  readonly failure: Promise<string>;
  /** False if something had to be cut off. */
  stop(): Promise<boolean>;
};

/** Runs a service until a signal stops it or it cannot go on; then the process ends. `reload` is called at SIGHUP. */
export async function runService<S extends Service>(
  outputs: Outputs,
  start: () => Promise<S>,
  { started, reload }: { readonly started: (service: S) => void; readonly reload: (service: S) => void },
): Promise<void> {
  const { log } = outputs;
  outputs.catchWarnings();
  const exit = (code: number) => void outputs.end(code);
  let service: S | null = null;
  // Before the line `listening`, after which a script may send a signal.
  handleSignals({ on: process.on.bind(process), exit: (code) => outputs.exit(code) }, systemClock, {
    atTerminal: [0, 1, 2].some(isatty),
    stop: () => void (service === null ? exit(0) : stop(service, log, exit)),
    reload: () => service !== null && reload(service),
  });
  const result = await start().catch((error: unknown) => reasonOf(error));
  if (typeof result === 'string') return outputs.end(1, [result]); // SERVER-15
  service = result;
  started(service);
  const reason = await service.failure;
  log.error('broken', { reason });
  return outputs.end(1, [reason]); // SERVER-16
}

/** Stops the service and ends the process: with code 1 if something had to be cut off. */
export async function stop(service: Pick<Service, 'stop'>, log: Log, exit: (code: number) => void): Promise<void> {
  log.info('stopping');
  const complete = await service.stop();
  if (complete) log.info('stopped');
  else log.error('stop-incomplete');
  exit(complete ? 0 : 1); // SERVER-52
}
