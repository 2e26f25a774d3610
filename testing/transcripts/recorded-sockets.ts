import { WebSocket } from 'ws';
import type { Platform } from '../../src/lib/platform.ts';

/**
 * A platform of real WebSockets for client libraries, and all sockets opened by it. `arrived` gets each frame before the
 * client does, bytes as Latin-1. Its timers do not keep the process alive.
 */
export function recordedSockets(arrived: (frame: string) => void) {
  const sockets: WebSocket[] = [];
  const platform: Partial<Platform> = {
    WebSocket: class extends WebSocket {
      constructor(address: string) {
        super(address);
        sockets.push(this);
        this.on('message', (data) =>
          arrived(data instanceof ArrayBuffer ? Buffer.from(data).toString('latin1') : `${data}`),
        );
      }
    } as unknown as Platform['WebSocket'],
    after: (ms, run) => {
      const timer = setTimeout(run, ms).unref();
      return () => clearTimeout(timer);
    },
  };
  return { sockets, platform };
}
