import { err, ok } from '../../lib/result.ts';
import { decideLiftBan, decideSetBan } from '../commands/ban.ts';
import { decideLiftMute, decideSetMute } from '../commands/mute.ts';
import { decideRevokeTokens } from '../commands/accounts/revoke-tokens.ts';
import type { Actor } from '../engine/decide.ts';
import type { Ban, Mute } from '../model/entries.ts';
import { directoryStream, type PersonId, personStream, type RoomId, roomStream } from '../model/ids.ts';
import type { Person } from '../model/person.ts';
import { endOfSessions } from '../model/rows.ts';
import { type Name, parseName } from '../text/names/parse.ts';
import { parseReason } from '../text/text.ts';
import type { Done, ServiceContext } from './context.ts';

/** Bans, mutes and kicks. Times are milliseconds since 1970, `null` for good. */
export class Moderation {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** Bans a name and its look-alikes, removes their holder, and ends tokens and sessions of the account of that name. */
  ban(actor: Actor, name: string, reason: string, until: number | null, done: Done<Ban>): void {
    withName(name, done, ({ spelling, skeleton }) => {
      const ban = { skeleton, name: spelling, reason, until };
      const command = { type: 'set-ban', actor, ban } as const;
      const owner = this.#ownerOf(skeleton);
      this.#context.submit<Ban>(
        [directoryStream, ...(owner === undefined ? [] : [personStream(owner)])],
        (states, input) => decideSetBan(states, command, input),
        (result) => {
          const isNew = !result.ok && result.error.type === 'unavailable' && this.#ownerOf(skeleton) !== owner;
          if (isNew)
            this.ban(actor, name, reason, until, done); // WORLD-93
          else done(result);
        },
        undefined,
        owner === undefined ? [] : endOfSessions(owner), // WORLD-204
      );
    });
  }

  #ownerOf(skeleton: string): PersonId | undefined {
    return this.#context.directory?.accounts.get(skeleton)?.person;
  }

  unban(actor: Actor, name: string, done: Done<Ban>): void {
    withName(name, done, ({ skeleton }) => {
      const command = { type: 'lift-ban', actor, skeleton } as const;
      this.#context.submit([directoryStream], (states, input) => decideLiftBan(states, command, input), done);
    });
  }

  /**
   * Bans a range of addresses. The caller writes equal ranges in one way. The connections from there end on every node
   * (WORLD-130).
   */
  banAddress(actor: Actor, range: string, reason: string, until: number | null, done: Done<Ban>): void {
    const ban = { skeleton: range, name: range, reason, until, address: true } as const;
    const command = { type: 'set-ban', actor, ban } as const;
    this.#context.submit([directoryStream], (states, input) => decideSetBan(states, command, input), done);
  }

  unbanAddress(actor: Actor, range: string, done: Done<Ban>): void {
    const command = { type: 'lift-ban', actor, skeleton: range } as const;
    this.#context.submit([directoryStream], (states, input) => decideLiftBan(states, command, input), done);
  }

  /** Mutes the present holder of a name in a room, and later holders. */
  mute(actor: Actor, room: RoomId, name: string, until: number | null, done: Done<Mute>): void {
    withName(name, done, ({ skeleton }) => {
      const person = this.#context.presence.holderOf(skeleton)?.person ?? null;
      const command = { type: 'set-mute', actor, mute: { room, person, skeleton, until } } as const;
      this.#context.submit([roomStream(room)], (states, input) => decideSetMute(states, command, input), done);
    });
  }

  unmute(actor: Actor, room: RoomId, name: string, done: Done<Mute>): void {
    withName(name, done, ({ skeleton }) => {
      const command = { type: 'lift-mute', actor, room, skeleton } as const;
      this.#context.submit([roomStream(room)], (states, input) => decideLiftMute(states, command, input), done);
    });
  }

  /** Ends a person's tokens and sessions, then the presence on every node. The person may come back (WORLD-34). */
  kick(name: string, reason: string, done: Done<Person>): void {
    withName(name, done, ({ skeleton }) => {
      const parsed = parseReason(reason);
      if (!parsed.ok) return done(err({ type: 'bad-text', problem: parsed.error }));
      const holder = this.#context.presence.holderOf(skeleton);
      if (holder === undefined) return done(err({ type: 'not-found' })); // WORLD-32
      const person = { id: holder.person, name: holder.name };
      const kick = () =>
        void this.#context.cluster.challenges.kick(person.id, parsed.value).then(() => done(ok(person)));
      if (holder.account)
        this.#endLogins(person.id, (result) => (result.ok ? kick() : done(result))); // WORLD-93 WORLD-204
      else kick();
    });
  }

  #endLogins(person: PersonId, done: Done<PersonId>): void {
    const command = { type: 'revoke-tokens', person } as const;
    this.#context.submit(
      [personStream(person)],
      (states, input) => decideRevokeTokens(states, command, input),
      done,
      undefined,
      endOfSessions(person), // WORLD-204
    );
  }
}

function withName<T>(name: string, done: Done<T>, then: (name: Name) => void): void {
  const parsed = parseName(name);
  if (parsed.ok) then(parsed.value);
  else done(err({ type: 'bad-name', problem: parsed.error }));
}
