import type { Ticket } from './accept/admission.ts';

/** What is known of a connection before it is known what it speaks. */
export type Accepted = {
  /** As `countedAddress` writes it. */
  readonly address: string;
  readonly secure: boolean;
  readonly ticket: Ticket;
};
