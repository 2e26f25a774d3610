import { Hub, type HubOptions } from '../connections/hub.ts';
import type { Ports } from '../core/ports.ts';
import { World, type WorldRules } from '../core/world.ts';
import { protocols } from '../protocols/index.ts';
import type { ServerFacts } from '../protocols/protocol.ts';
import type { Link } from '../transports/link.ts';

/** The world, the hub and the protocols of one process, without ports. */
export type App = {
  readonly world: World;
  readonly hub: Hub;
  /** Starts a connection on a link, by the protocol of this name. */
  accept(link: Link, protocol: string): void;
};

export type AppOptions = { readonly facts: ServerFacts; readonly rules: WorldRules; readonly hub: HubOptions };

/** Composes an app on the given storage, bus, clock and so on; rejects when storage is unavailable. */
export async function composeApp(ports: Ports, options: AppOptions): Promise<App> {
  const hub = new Hub(ports, options.hub);
  const world = await World.open(ports, hub, options.rules);
  hub.attach(world);
  const acceptors = new Map(
    protocols.map(({ name, open }) => [name, open(options.facts, (adapter, link) => hub.connect(adapter, link))]),
  );
  return {
    world,
    hub,
    accept(link, protocol) {
      const acceptLink = acceptors.get(protocol);
      if (acceptLink === undefined) throw new Error(`unknown protocol ${protocol}`);
      acceptLink(link);
    },
  };
}
