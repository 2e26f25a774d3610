import { err, ok, type Result } from '../../lib/result.ts';
import {
  decideDeleteAccount,
  decideForgetMember,
  decideForgetRelationship,
} from '../commands/accounts/delete-account.ts';
import type { Decide } from '../engine/decide.ts';
import type { Account } from '../model/account.ts';
import {
  directoryStream,
  type MessageId,
  type PersonId,
  personStream,
  type RoomId,
  roomStream,
  type StreamId,
} from '../model/ids.ts';
import type { Refusal } from '../model/refusals.ts';
import type { Password } from '../ports.ts';
import { parseName } from '../text/names/parse.ts';
import type { Accounts } from './accounts.ts';
import type { Done, ServiceContext } from './context.ts';
import type { Messages } from './messages.ts';

/** What was deleted: the account of this name, and so many messages. */
export type Deletion = { readonly name: string; readonly messages: number };

/** A deletion by the person: the password was set at this position, and `deleted` is called once the account is gone. */
type OwnDeletion = { readonly knownPosition: number; readonly deleted: () => void };

/** How often a deletion is decided anew because the person just joined another group. */
const TRIES = 10;
/** Messages that storage looks through at once: a few milliseconds of its reader. */
const SCANNED = 5_000;
/** Messages that are deleted at once, in one commit. */
const AT_ONCE = 64;

const operator = { type: 'operator' } as const;

/** Deletes accounts: for the operator, and for their own people. */
export class Deletions {
  readonly #context: ServiceContext;
  readonly #messages: Messages;
  readonly #accounts: Accounts;

  constructor(context: ServiceContext, messages: Messages, accounts: Accounts) {
    this.#context = context;
    this.#accounts = accounts;
    this.#messages = messages;
  }

  /**
   * Deletes an account, which ends its connections and memberships and everything that it and others keep about each other;
   * with `withMessages` also all messages of the person. If that fails in the middle, the same call again goes on.
   */
  async delete(name: string, withMessages: boolean, done: Done<Deletion>): Promise<void> {
    const parsed = parseName(name);
    if (!parsed.ok) return done(err({ type: 'bad-name', problem: parsed.error }));
    const { skeleton } = parsed.value;
    const { directory } = this.#context;
    if (directory === undefined) return done(err({ type: 'unavailable' }));
    const account = directory.accounts.get(skeleton) ?? directory.retired.get(skeleton); // WORLD-124
    if (account === undefined) return done(err({ type: 'not-found' }));
    done(await this.#deleteAll(account, withMessages, null));
  }

  /**
   * Deletes the account of a present person who knows its password; the messages stay. It is done when the account is deleted,
   * before the person's connections end; what others keep about the person goes after that.
   */
  async deleteOwn(person: PersonId, password: Password, done: Done<Deletion>): Promise<void> {
    if (this.#context.actor(person) === undefined) return done(err({ type: 'not-allowed' })); // WORLD-20
    const account = this.#context.directory?.people.get(person);
    if (account === undefined) return done(err({ type: 'guest' }));
    const checked = await this.#accounts.verify(account.name, password);
    if (!checked.ok) return done(checked); // WORLD-168
    let isDone = false;
    const deleted = () => {
      isDone = true;
      done(ok({ name: account.name, messages: 0 })); // WORLD-168
    };
    const result = await this.#deleteAll(account, false, { knownPosition: checked.value.passwordPosition, deleted });
    if (!isDone) done(result);
  }

  #deleteAll(account: Account, withMessages: boolean, own: OwnDeletion | null): Promise<Result<Deletion, Refusal>> {
    return this.#delete(account, withMessages, own).catch(() => err({ type: 'unavailable' }));
  }

  async #delete(
    { person, name, deletedAt }: Account,
    withMessages: boolean,
    own: OwnDeletion | null,
  ): Promise<Result<Deletion, Refusal>> {
    const deleted = deletedAt === undefined ? await this.#deleteAccount(person, own) : ok(null);
    if (!deleted.ok) return deleted;
    const steps = [...(await this.#forgetMember(person)), ...(await this.#forgetRelationships(person))];
    const failed = (await Promise.all(steps)).find((step) => !step.ok);
    if (failed !== undefined && !failed.ok) return failed;
    const messages = withMessages ? await this.#deleteMessages(person) : ok(0);
    return messages.ok ? ok({ name, messages: messages.value }) : messages;
  }

  async #deleteAccount(person: PersonId, own: OwnDeletion | null): Promise<Result<unknown, Refusal>> {
    let result: Result<unknown, Refusal> = err({ type: 'unavailable' });
    const knownPosition = own?.knownPosition ?? null;
    const deleted = own?.deleted ?? (() => {});
    for (let tries = 0; tries < TRIES && !result.ok && result.error.type === 'unavailable'; tries++) {
      const groups = await this.#groupsOf(person);
      const streams = [directoryStream, personStream(person), ...groups.map(roomStream)];
      const command = { type: 'delete-account', person, knownPosition } as const;
      result = await this.#ask(streams, (states, input) => decideDeleteAccount(states, command, input), deleted);
    }
    return result;
  }

  /** Ends the membership of the lobby, and of groups that another node was just joining. */
  async #forgetMember(person: PersonId): Promise<Promise<Result<null, Refusal>>[]> {
    const command = { type: 'forget-person', person } as const;
    return (await this.#groupsOf(person)).map((room) =>
      this.#ask([roomStream(room), personStream(person)], (states, input) =>
        decideForgetMember(states, command, room, input),
      ),
    );
  }

  async #forgetRelationships(person: PersonId): Promise<Promise<Result<null, Refusal>>[]> {
    const command = { type: 'forget-person', person } as const;
    return (await this.#context.storage.relatedTo(person)).map((other) =>
      this.#ask([personStream(other)], (states, input) => decideForgetRelationship(states, command, other, input)),
    );
  }

  /** Deletes the messages of a person as the operator does; answers with their number (WORLD-123). */
  async #deleteMessages(person: PersonId): Promise<Result<number, Refusal>> {
    let count = 0;
    for (let after: number | null = 0; after !== null; ) {
      const { ids, next }: { ids: readonly MessageId[]; next: number | null } = await this.#context.storage.messagesBy(
        person,
        after,
        SCANNED,
      );
      for (let first = 0; first < ids.length; first += AT_ONCE) {
        const results = await Promise.all(ids.slice(first, first + AT_ONCE).map((id) => this.#deleteMessage(id)));
        const failed = results.find((result) => !result.ok);
        if (failed !== undefined && !failed.ok) return failed;
      }
      count += ids.length;
      after = next;
    }
    return ok(count);
  }

  #deleteMessage(id: MessageId): Promise<Result<unknown, Refusal>> {
    return new Promise((done) => this.#messages.delete(operator, id, done)); // WORLD-123
  }

  /** The groups of a person, and the lobby; rejects when storage is unavailable. */
  #groupsOf(person: PersonId): Promise<RoomId[]> {
    const { cache, committed } = this.#context;
    return cache.use([personStream(person)], () =>
      [...committed.person(person).rooms.values()].filter(({ other }) => other === null).map(({ room }) => room),
    );
  }

  /** `committed` is called before what was committed is published. */
  #ask<T>(
    streams: readonly StreamId[],
    decide: Decide<T>,
    committed: () => void = () => {},
  ): Promise<Result<T, Refusal>> {
    return new Promise((resolve) =>
      this.#context.submit(streams, decide, (result) => {
        if (result.ok) committed();
        resolve(result);
      }),
    );
  }
}
