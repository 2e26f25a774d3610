import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { FrameTracker } from './frame-tracker.ts';
import type { Keeper, Watched } from './keeper.ts';
import type { CloseKind } from './link.ts';
import { closeWebSocket } from './websocket.ts';
import { closeCodes } from './websocket-frame.ts';

/**
 * Has a WebSocket watched until it is closed; to be called in its upgrade, before anything was read. `ws` does not tell of
 * unfinished messages, so the frames' bounds are followed beside it.
 */
export function keepWebSocket(keeper: Keeper, ws: WebSocket, socket: Socket): void {
  const tracker = new FrameTracker();
  const kept = keeper.keep(new WatchedWebSocket(ws), tracker);
  socket.on('data', (bytes: Uint8Array) => {
    tracker.push(bytes);
    keeper.heard(kept);
  });
  ws.once('close', () => keeper.forget(kept));
}

class WatchedWebSocket implements Watched {
  readonly #ws: WebSocket;

  constructor(ws: WebSocket) {
    this.#ws = ws;
  }

  get isPaused(): boolean {
    return this.#ws.isPaused;
  }

  patience(usual: number): number {
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
