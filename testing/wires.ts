import assert from 'node:assert/strict';
import type { Wire } from '../src/connections/wire.ts';
import type { Protocol, ServerFacts } from '../src/protocols/protocol.ts';

/** For tests: the wire by which a protocol carries links. Fails where it has not one for all of them, or carries other links. */
export function wireOf<In, Out>(protocol: Protocol, facts: ServerFacts): Wire<In, Out> {
  const wires: Wire<In, Out>[] = [];
  const carried: unknown[] = [];
  const take = protocol.open(facts, (wire, link) => {
    wires.push(wire as unknown as Wire<In, Out>);
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
