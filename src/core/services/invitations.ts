import { err, ok, type Result } from '../../lib/result.ts';
import {
  decideEndInvitations,
  decideJoinByInvitation,
  decideMakeInvitation,
  leadsIn,
  streamsOfJoin,
} from '../commands/invitations.ts';
import { roomBanOn } from '../commands/permissions.ts';
import { type PersonId, type RoomId, roomStream } from '../model/ids.ts';
import { hasEnded, type Invitation, invitationDigest } from '../model/invitation.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Done, ServiceContext } from './context.ts';
import type { Rooms } from './rooms.ts';

/** How long an invitation lasts (ms since 1970) and how many people may use it; null: the usual time, any number. */
export type InvitationTerms = { readonly until: number | null; readonly uses: number | null };

/** A new invitation. Its code is stored nowhere. */
export type NewInvitation = { readonly code: string; readonly until: number };

/** Where an invitation leads: `members` counts the people in the room. */
export type InvitationView = {
  readonly room: RoomId;
  readonly name: string;
  readonly members: number;
  readonly until: number;
};

const NOT_FOUND = { type: 'not-found' } as const;

/** Invitations to rooms: whoever has the code joins the room. Memory and storage hold only its SHA-256 (WORLD-261). */
export class Invitations {
  readonly #context: ServiceContext;
  readonly #rooms: Rooms;

  constructor(context: ServiceContext, rooms: Rooms) {
    this.#context = context;
    this.#rooms = rooms;
  }

  make(person: PersonId, room: RoomId, { until, uses }: InvitationTerms, done: Done<NewInvitation>): void {
    const code = this.#context.ids.code(); // WORLD-261
    const made: Done<Invitation> = (result) => done(result.ok ? ok({ code, until: result.value.until }) : result);
    this.#context.submitAs(person, [roomStream(room)], made, (actor) => {
      const digest = invitationDigest(code); // WORLD-261
      const command = { type: 'make-invitation', actor, room, digest, until, uses } as const;
      return (states, input) => decideMakeInvitation(states, command, input);
    });
  }

  /** Where a code leads a person, who need not be in the room. Refused in one way, whatever is wrong with the code (WORLD-266). */
  async look(person: PersonId, code: string, done: Done<InvitationView>): Promise<void> {
    const found = await this.#find(code);
    if (!found.ok) return done(found);
    const view = () => this.#view(person, found.value);
    const stream = roomStream(found.value.room);
    done(await this.#context.cache.use([stream], view).catch(() => err({ type: 'unavailable' } as const)));
  }

  /** Makes the person a member of the room; one who is a member already uses nothing up. */
  async join(person: PersonId, code: string, done: Done<RoomId>): Promise<void> {
    const found = await this.#find(code);
    if (!found.ok) return done(found);
    const { room, digest } = found.value;
    await this.#catchUp(found.value);
    this.#context.submitAs(person, streamsOfJoin(room, person), done, (actor) => {
      const command = { type: 'join-by-invitation', actor, room, digest } as const;
      return (states, input) => decideJoinByInvitation(states, command, input);
    });
  }

  /** Withdraws the person's own invitations to a room, or all of them for who moderates it (WORLD-268). */
  end(person: PersonId, room: RoomId, done: Done<RoomId>): void {
    this.#context.submitAs(person, [roomStream(room)], done, (actor) => {
      const command = { type: 'end-invitations', actor, room } as const;
      return (states, input) => decideEndInvitations(states, command, input);
    });
  }

  /** Storage says what a code leads to, not a node's memory: what one node has ended is ended on all of them. */
  async #find(code: string): Promise<Result<Invitation, Refusal>> {
    const { storage, clock } = this.#context;
    const invitation = await storage.invitation(invitationDigest(code)).catch(() => undefined);
    if (invitation === undefined) return err({ type: 'unavailable' });
    if (invitation === null || hasEnded(invitation, clock.now())) return err(NOT_FOUND); // WORLD-266
    return ok(invitation);
  }

  #view(person: PersonId, invitation: Invitation): Result<InvitationView, Refusal> {
    const { committed, directory, clock } = this.#context;
    const room = committed.room(invitation.room);
    if (this.#context.actor(person) === undefined || directory === undefined) return err({ type: 'not-allowed' }); // WORLD-20
    if (room.row === null || !leadsIn(directory, room, invitation, person, clock.now())) return err(NOT_FOUND); // WORLD-266
    const ban = roomBanOn(room, person, clock.now());
    if (ban !== undefined) return err({ type: 'banned', reason: ban.reason }); // WORLD-186
    const { name, displayName } = room.row;
    return ok({
      room: room.id,
      name: displayName ?? name,
      members: this.#rooms.size(room.id),
      until: invitation.until,
    });
  }

  /** Makes this node read what another one wrote about the room, if it lacks an invitation that storage has. */
  #catchUp({ room, digest }: Invitation): Promise<void> {
    const known = this.#context.room(room);
    if (known === undefined || known.invitations.has(digest)) return Promise.resolve();
    const stream = roomStream(room);
    const decide = () => ok({ writes: [{ stream, entries: [] }], value: null });
    return new Promise((resolve) =>
      this.#context.processor.submit({ streams: [stream], decide, done: () => resolve() }),
    );
  }
}
