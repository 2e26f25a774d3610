import assert from 'node:assert/strict';
import type { ProtocolAdapter } from '../src/connections/protocol-adapter.ts';
import type { Protocol, ServerFacts } from '../src/protocols/protocol.ts';

/** The adapter of a protocol. Fails if the protocol has more than one, or passes other links than it got. */
export function adapterOf<In, Out>(protocol: Protocol, facts: ServerFacts): ProtocolAdapter<In, Out> {
  const adapters: ProtocolAdapter<In, Out>[] = [];
  const links: unknown[] = [];
  const take = protocol.open(facts, (adapter, link) => {
    adapters.push(adapter as unknown as ProtocolAdapter<In, Out>);
    links.push(link);
  });
  const given = [{}, {}] as never[];
  for (const link of given) take(link);
  assert.deepEqual(
    links.map((link) => given.indexOf(link as never)),
    [0, 1],
  );
  const [first, second] = adapters;
  assert.ok(first);
  assert.equal(second, first);
  return first;
}
