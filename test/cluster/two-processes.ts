import type { Cleanup } from '../../testing/temporary.ts';
import { type ServerProcess, startServerProcess } from '../../testing/server.ts';
import { Services } from '../../testing/shared-services.ts';

/** Two server processes of one world, on PostgreSQL and NATS. The URLs are in the environment, which no list of processes shows. */
export async function startTwoProcesses(cleanup: Cleanup): Promise<readonly [ServerProcess, ServerProcess]> {
  const services = await Services.start(cleanup);
  const { storage, bus } = await services.share(cleanup);
  const env = { PARLANCE_STORAGE: storage, PARLANCE_BUS: bus };
  return [await startServerProcess(cleanup, { env }), await startServerProcess(cleanup, { env })];
}
