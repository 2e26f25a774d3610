import { sha256 } from '../../lib/sha256.ts';
import type { PersonId, RoomId } from './ids.ts';

/**
 * An invitation as it is stored: with the SHA-256 of its code as hex digits, never the code itself. `until` is in milliseconds since
 * 1970; `usesLeft` is null where any number of people may use it.
 */
export type Invitation = {
  readonly digest: string;
  readonly room: RoomId;
  readonly maker: PersonId;
  readonly until: number;
  readonly usesLeft: number | null;
};

/** The most open invitations of one room. */
export const MAX_INVITATIONS = 20;

const DAY_MS = 24 * 60 * 60 * 1_000;
const USUAL_MS = 7 * DAY_MS;
const LONGEST_MS = 30 * DAY_MS;

/** The digest of a code: capitals count in it. */
export function invitationDigest(code: string): string {
  return sha256(code); // WORLD-261
}

/** When an invitation ends that is made now; `wanted` is null for the usual time, and cut to the longest. */
export function endOfInvitation(wanted: number | null, now: number): number {
  return wanted === null ? now + USUAL_MS : Math.min(wanted, now + LONGEST_MS); // WORLD-262
}

export function hasEnded({ until }: Pick<Invitation, 'until'>, now: number): boolean {
  return until <= now; // WORLD-264
}

/** Whether somebody who is not in the room could use it, as far as time and uses go. */
export function isOpenInvitation(invitation: Invitation, now: number): boolean {
  return !hasEnded(invitation, now) && invitation.usesLeft !== 0; // WORLD-264
}
