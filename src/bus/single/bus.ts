import type { Bus } from '../../core/ports.ts';

/** The bus of a node that is the only one: nothing leaves it, and nothing comes. */
export const singleNodeBus: Bus = {
  maxBytes: 0,
  publish: () => {},
  subscribe: () => () => {},
  onReconnect: () => () => {},
};
