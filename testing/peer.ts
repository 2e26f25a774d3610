import assert from 'node:assert/strict';
import type { Card, Change, Coming, Done, Peer, Self, Showing, Speech } from '../src/connections/peer.ts';
import type { Person } from '../src/core/events.ts';
import type { Excerpt } from '../src/core/history.ts';
import type { Message } from '../src/core/message.ts';
import type { Said } from '../src/core/messages.ts';
import type { Password } from '../src/core/ports.ts';
import type { Refusal } from '../src/core/refusals.ts';
import type { RoomView } from '../src/core/rooms.ts';
import { err, ok } from '../src/lib/result.ts';

/** What a fake peer says was said. */
export const saidMessage: Message = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  room: 7,
  number: 1,
  position: 2,
  author: { id: 3, name: 'alice' },
  text: 'hello',
  clientTime: 1,
  serverTime: 2,
  editedAt: null,
  deletedAt: null,
  edits: [],
};

/** For tests of sessions: a peer that writes down what it is asked, and answers the last question when the test says so. */
export class FakePeer implements Peer {
  person: Person | null = null;
  secure = true;
  delivered = true;
  token = '01890a5d-ac96-474b-bcce-b302099a8057';
  names: string[] = ['alice', 'bob'];
  pings = Number.POSITIVE_INFINITY;
  cards: (Card | null)[] = [];
  views: (RoomView | null)[] = [];
  excerpt: Excerpt = { place: { type: 'group', name: 'lobby', lobby: true }, messages: [] };
  readonly log: string[] = [];
  /** Answers what was asked last: with this refusal, or with yes. */
  settle: (refusal?: Refusal) => void = () => assert.fail('nothing to settle');

  enter(name: string, coming: Coming, done: Done<Person>): void {
    this.#ask(`enter ${name} ${JSON.stringify(coming)}`, done, { id: 3, name });
  }

  login(name: string, password: Password, coming: Coming, done: Done<Person>): void {
    this.#ask(`login ${name} ${password.form} ${password.value} ${JSON.stringify(coming)}`, done, { id: 3, name });
  }

  resume(name: string, token: string, coming: Coming, done: Done<Person>): void {
    this.#ask(`resume ${name} ${token} ${JSON.stringify(coming)}`, done, { id: 3, name });
  }

  issueToken(done: Done<string>): void {
    this.#ask('issue token', done, this.token);
  }

  signOut(done: Done<void>): void {
    this.#ask('sign out', done, undefined);
  }

  register(name: string, displayName: string | null, password: Password, done: Done<Person>): void {
    this.#ask(`register ${name} ${displayName} ${password.form} ${password.value}`, done, { id: 3, name });
  }

  rename(name: string, done: Done<Person>): void {
    this.#ask(`rename ${name}`, done, { id: 3, name });
  }

  speak(speech: Speech, done: Done<Said>): void {
    this.#ask(`speak ${JSON.stringify(speech)}`, done, { message: saidMessage, delivered: this.delivered });
  }

  change(change: Change, done: Done<void>): void {
    this.#ask(`change ${JSON.stringify(change)}`, done, undefined);
  }

  history(of: 'user' | 'group', name: string, before: string | null, limit: number, done: Done<Excerpt>): void {
    this.#ask(`history ${of} ${name} ${before} ${limit}`, done, this.excerpt);
  }

  present(): readonly string[] {
    return this.names;
  }

  self(): Self {
    return { name: 'alice', displayName: 'Alice', status: 'online' };
  }

  users(names: readonly string[]): readonly (Card | null)[] {
    return names.length === 0 ? [] : this.cards;
  }

  friends(): readonly Card[] {
    return this.cards.filter((one) => one !== null);
  }

  groups(names: readonly string[], done: Done<readonly (RoomView | null)[]>): void {
    this.#ask(`groups ${names.join()}`, done, names.length === 0 ? [] : this.views);
  }

  ownGroups(done: Done<readonly RoomView[]>): void {
    const views = this.views.filter((one) => one !== null);
    this.#ask('own groups', done, views);
  }

  show(showing: Showing): void {
    this.log.push(`show ${JSON.stringify(showing)}`);
  }

  leave(): void {
    this.log.push('leave');
  }

  mayPing(): boolean {
    return this.pings-- > 0;
  }

  #ask<T>(what: string, done: Done<T>, value: T): void {
    this.log.push(what);
    this.settle = (refusal) => done(refusal ? err(refusal) : ok(value));
  }
}
