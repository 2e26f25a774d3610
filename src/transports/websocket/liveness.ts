import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { FrameTracker } from './frame-tracker.ts';
import type { LivenessMonitor, MonitoredConnection } from '../liveness-monitor.ts';
import type { CloseKind } from '../link.ts';
import { closeWebSocket } from './link.ts';
import { closeCodes } from './frames.ts';

/**
 * Has a WebSocket watched until it is closed; to be called in its upgrade, before anything was read. `ws` does not tell of
 * unfinished messages, so the frames' bounds are followed beside it.
 */
export function monitorWebSocket(liveness: LivenessMonitor, ws: WebSocket, socket: Socket): void {
  const tracker = new FrameTracker();
  const watch = liveness.watch(new MonitoredWebSocket(ws), tracker);
  socket.on('data', (bytes: Uint8Array) => {
    tracker.push(bytes);
    liveness.heard(watch);
  });
  ws.once('close', () => liveness.unwatch(watch));
}

class MonitoredWebSocket implements MonitoredConnection {
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  get isPaused(): boolean {
    return this.#ws.isPaused;
  }

  maxSilence(usual: number): number {
    return usual;
  }

  ping(): void {
    this.#ws.ping();
  }

  end(kind: CloseKind, reason: string): void {
    closeWebSocket(this.#ws, closeCodes[kind], reason);
  }

  destroy(): void {
    this.#ws.terminate();
  }
}
