import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { CloseKind } from '../link.ts';
import type { LivenessMonitor, MonitoredConnection } from '../liveness-monitor.ts';
import { FrameTracker } from './frame-tracker.ts';
import { closeWebSocket } from './link.ts';
import { closeCodes } from './frames.ts';

/**
 * Watches a WebSocket until it is closed. Call it during the upgrade, before the first byte is read. `ws` does not report
 * incomplete messages, so a `FrameTracker` reads the same bytes.
 */
export function monitorWebSocket(liveness: LivenessMonitor, ws: WebSocket, socket: Socket): void {
  const tracker = new FrameTracker();
  const watch = liveness.watch(new MonitoredWebSocket(ws), tracker);
  socket.on('data', (bytes: Uint8Array) => {
    tracker.push(bytes);
    liveness.received(watch);
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

  maxSilence(defaultMs: number): number {
    return defaultMs;
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
