import assert from 'node:assert/strict';
import type { ProtocolAdapter } from '../src/connections/protocol-adapter.ts';
import type { Protocol, ServerFacts } from '../src/protocols/protocol.ts';

/** For tests: the wire by which a protocol carries links. Fails where it has not one for all of them, or carries other links. */
export function adapterOf<In, Out>(protocol: Protocol, facts: ServerFacts): ProtocolAdapter<In, Out> {
  const wires: ProtocolAdapter<In, Out>[] = [];
  const carried: unknown[] = [];
  const take = protocol.open(facts, (adapter, link) => {
    wires.push(adapter as unknown as ProtocolAdapter<In, Out>);
    carried.push(link);
  });
  const links = [{}, {}] as never[];
  for (const link of links) take(link);
  assert.deepEqual(
    carried.map((link) => links.indexOf(link as never)),
    [0, 1],
  );
  const [first, second] = wires;
  assert.ok(first);
  assert.equal(second, first);
  return first;
}
