import type { RoomId } from '../../core/model/ids.ts';
import type { Clock } from '../../core/ports.ts';
import type { Link } from '../../transports/link.ts';
import type { Outbox } from '../output/outbox.ts';

const PROBE_MS = 2_000;

/** The subscriptions of one connection, as their proof needs them. */
export interface ProofContext {
  readonly connection: {
    readonly outbox: Outbox;
    readonly link: Pick<Link, 'probe'>;
    readonly services: { readonly clock: Clock };
  };
  /** Whether the markers of the person are loaded. */
  readonly hasMarkers: boolean;
  /** The rooms that were delivered further than is proved, each with the last number that was put into the outbox or hidden. */
  unproved(): ReadonlyMap<RoomId, number>;
  /** All messages of the room up to this number have arrived. */
  arrived(room: RoomId, number: number): void;
}

/** A probe that is not proved yet, and the numbers that the rooms had when it was sent. */
type Probe = { readonly probe: number; readonly numbers: ReadonlyMap<RoomId, number> };

/**
 * Finds out which messages of one connection have arrived. A message has arrived if a probe that was sent after it is proved;
 * whatever else the client sends may have been on its way before (CONN-43).
 */
export class DeliveryProof {
  readonly #context: ProofContext;
  #probes: readonly Probe[] = [];
  #cancel: (() => void) | null = null;
  #probesNextWrite = false;

  constructor(context: ProofContext) {
    this.#context = context;
  }

  /** Bytes were written: some of them may hold messages. */
  written(): void {
    if (this.#probesNextWrite) return this.probe();
    if (this.#cancel === null && this.#probes.length === 0) this.#schedule();
  }

  /** Probes right after the next write. */
  probeNextWrite(): void {
    this.#probesNextWrite = true;
  }

  /** Sends what is in the outbox, and a probe after it unless everything is proved. */
  probe(): void {
    const { outbox, link } = this.#context.connection;
    this.#probesNextWrite = false;
    if (!this.#context.hasMarkers) return;
    outbox.flush();
    const numbers = this.#context.unproved();
    if (outbox.writeFailed || numbers.size === 0) return; // CONN-43
    this.#probes = [...this.#probes, { probe: link.probe(), numbers }];
  }

  /** The link has proved this probe and all before it. */
  proved(probe: number): void {
    for (const one of this.#probes) {
      if (one.probe > probe) continue; // CONN-43
      for (const [room, number] of one.numbers) this.#context.arrived(room, number);
    }
    this.#probes = this.#probes.filter((one) => one.probe > probe);
    if (this.#probes.length === 0 && this.#context.unproved().size > 0) this.#schedule();
  }

  /** Probes no more by itself. */
  stop(): void {
    this.#cancel?.();
  }

  /** Whether all probes so far are proved, and nothing was sent after the last one. */
  get isComplete(): boolean {
    return this.#probes.length === 0 && this.#context.unproved().size === 0;
  }

  /** At most one probe in 2 s (CONN-43). */
  #schedule(): void {
    const { clock } = this.#context.connection.services;
    this.#cancel?.();
    this.#cancel = clock.after(PROBE_MS, () => {
      this.#cancel = null;
      if (this.#probes.length === 0) this.probe();
    });
  }
}
