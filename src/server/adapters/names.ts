import type { Log, Names } from '../../core/ports.ts';

/** The same names; the first time that another node is seen, tells the operator of a node without a bus what it lacks. */
export function adviseBus(names: Names, log: Log): Names {
  let isSeen = false;
  return {
    leaseMs: names.leaseMs,
    claim: (...claim) => names.claim(...claim),
    release: (...name) => names.release(...name),
    leave: (node) => names.leave(node),
    async renew(node) {
      const lease = await names.renew(node);
      if (!isSeen && lease.nodes.length > 1) {
        isSeen = true;
        log.warn('no-bus', { nodes: lease.nodes.length, advice: ADVICE }); // SERVER-293
      }
      return lease;
    },
  };
}

const ADVICE =
  'without a bus a node shows what was said on another up to a second later, and not who is there: set the option bus on all of them';
