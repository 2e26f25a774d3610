import fc from 'fast-check';
import type { DirectoryEntry, PersonEntry, RoomEntry } from '../../src/core/model/entries.ts';
import type { PersonId, RoomId } from '../../src/core/model/ids.ts';
import { message } from './samples.ts';

/** Few values, so that the same one is added again and removed. */
const few = fc.integer({ min: 1, max: 3 });
const at = 0;

/** Random entries of a person, except those about joining and leaving rooms. */
export function entriesOfPerson(person: PersonId): fc.Arbitrary<PersonEntry> {
  const token = (id: number) => ({ digest: `${person} ${id}`, person, issuedAt: 1, expires: 9 });
  return fc.oneof(
    fc.constant({ type: 'password-set', person, verifier: 'verifier', replaces: null, at } as const),
    fc
      .constantFrom('contact-added', 'contact-removed', 'block-added', 'block-removed')
      .chain((type) => few.map((other) => ({ type, person, other, at }) as const)),
    fc.tuple(few, few).map(([room, number]) => ({ type: 'room-read', person, room, number, at }) as const),
    few.map((id) => ({ type: 'token-issued', token: token(id), at }) as const),
    few.map((id) => ({ type: 'token-revoked', person, digest: `${person} ${id}`, why: 'asked', at }) as const),
    fc.constant({ type: 'tokens-revoked', person, at } as const),
    fc.constant({ type: 'person-erased', person, replaces: null, at } as const),
  );
}

/** Random entries of a person that joins and leaves rooms, direct ones among them. */
export function membershipEntries(person: PersonId): fc.Arbitrary<PersonEntry> {
  const membership = fc.record({
    person: fc.constant(person),
    room: few,
    other: fc.option(few),
    since: fc.constant(0),
  });
  return fc.oneof(
    membership.map((membership) => ({ type: 'room-joined', membership, at }) as const),
    few.map((room) => ({ type: 'room-left', person, room, at }) as const),
  );
}

export function entriesOfRoom(room: RoomId): fc.Arbitrary<RoomEntry> {
  const member = (person: PersonId) => ({ room, person, name: '', role: 'member', other: null, since: 0 }) as const;
  const invitation = (maker: PersonId, usesLeft: number) => {
    return { digest: `${room} ${maker}`, room, maker, until: 9, usesLeft };
  };
  const mute = (person: PersonId) => ({ room, person, skeleton: `${person}`, until: null });
  return fc.oneof(
    few.map((person) => ({ type: 'member-joined', member: member(person), at }) as const),
    few.map((person) => ({ type: 'member-left', room, person, at }) as const),
    fc.tuple(few, fc.constantFrom({}, { withheld: true as const })).map(([number, more]) => {
      return { type: 'message-posted', message: { ...message(room, number, number, 'hello'), ...more }, at } as const;
    }),
    few.map((person) => ({ type: 'member-banned', ban: { room, person, reason: '', until: null }, at }) as const),
    few.map((person) => ({ type: 'member-unbanned', room, person, at }) as const),
    few.map((person) => ({ type: 'person-muted', mute: mute(person), at }) as const),
    few.map((person) => ({ type: 'person-unmuted', room, skeleton: `${person}`, at }) as const),
    few.map((maker) => ({ type: 'invitation-made', invitation: invitation(maker, 2), at }) as const),
    few.map((maker) => ({ type: 'invitation-used', invitation: invitation(maker, 1), at }) as const),
    few.map((maker) => ({ type: 'invitation-ended', room, digest: `${room} ${maker}`, at }) as const),
  );
}

export const entriesOfDirectory: fc.Arbitrary<DirectoryEntry> = few.chain((id) => {
  const names = { skeleton: `${id}`, name: `${id}` };
  return fc.constantFrom<DirectoryEntry[]>(
    { type: 'name-taken', name: { ...names, room: id }, at },
    { type: 'account-created', account: { ...names, person: id, displayName: '', role: 'user' }, at },
    { type: 'account-deleted', account: { ...names, person: id, displayName: '', role: 'user', deletedAt: 1 }, at },
    { type: 'unit-created', unit: { ...names, id, parent: null }, at },
    { type: 'unit-changed', unit: { ...names, id, parent: null, home: true }, at },
    { type: 'unit-removed', id, at },
    { type: 'unit-member-added', unit: id, person: 1, at },
    { type: 'unit-member-added', unit: id, person: 2, at },
    { type: 'unit-member-removed', unit: id, person: 1, at },
    { type: 'ban-set', ban: { ...names, reason: '', until: null }, at },
    { type: 'ban-lifted', skeleton: `${id}`, at },
  );
});
