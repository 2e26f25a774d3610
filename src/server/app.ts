import { Hub, type HubOptions } from '../connections/hub.ts';
import type { Ports } from '../core/ports.ts';
import { World, type WorldRules } from '../core/world.ts';
import { protocols } from '../protocols/index.ts';
import type { ServerFacts } from '../protocols/protocol.ts';
import type { Link } from '../transports/link.ts';

/** The world, the connections to it and all protocols, with nothing around them. */
export type App = {
  readonly world: World;
  readonly hub: Hub;
  /** Carries a link by the protocol of this name from now on. */
  accept(link: Link, protocol: string): void;
};

export type AppOptions = { readonly facts: ServerFacts; readonly rules: WorldRules; readonly hub: HubOptions };

/** Puts them together on whatever ports they are given; rejects when storage is unavailable. */
export async function composeApp(ports: Ports, options: AppOptions): Promise<App> {
  const hub = new Hub(ports.clock, options.hub);
  const world = await World.open(ports, hub, options.rules);
  hub.attach(world);
  const carriers = new Map(
    protocols.map(({ name, open }) => [name, open(options.facts, (adapter, link) => hub.connect(adapter, link))]),
  );
  return {
    world,
    hub,
    accept(link, protocol) {
      const carry = carriers.get(protocol);
      if (carry === undefined) throw new Error(`unknown protocol ${protocol}`);
      carry(link);
    },
  };
}
