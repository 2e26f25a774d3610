import { WebSocket } from 'ws';
import type { Platform } from '../../src/lib/platform.ts';

/**
 * For tests of client libraries on real sockets: all that they open; each frame is told before the client hears it, one of
 * bytes as Latin-1. No timer holds the process.
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
