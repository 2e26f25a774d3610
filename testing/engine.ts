import { singleNodeBus } from '../src/bus/single/bus.ts';
import { Engine, type EngineListener } from '../src/core/engine/engine.ts';
import type { Bus, Clock, Storage } from '../src/core/ports.ts';
import { silentLog } from './world.ts';

/** Listens to an engine and does nothing; tests replace what they look at. */
const idleListener: EngineListener = {
  committed: () => {},
  publish: () => {},
  loaded: () => {},
  typed: () => {},
};

/** An engine without a world around it, of a node that is alone unless it gets a bus. */
export function openEngine(
  ports: { readonly storage: Storage; readonly clock: Clock; readonly bus?: Bus; readonly node?: string },
  listener: Partial<EngineListener> = {},
): Engine {
  const all = { ...idleListener, ...listener };
  return new Engine({ bus: singleNodeBus, node: 'node', log: silentLog, ...ports }, () => all);
}
