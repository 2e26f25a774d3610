import assert from 'node:assert/strict';
import type { FakeClock } from '../../testing/clock.ts';
import {
  itemOf,
  ofPerson,
  onceAt,
  passwordSet,
  posted,
  resultTypes,
  rowsItem,
  sessionItem,
} from '../../testing/storage/samples.ts';
import { type PersonId, personStream, roomStream } from '../core/model/ids.ts';
import { endOfSessions } from '../core/model/rows.ts';
import type { StoredSession } from '../core/model/session.ts';
import type { Storage } from '../core/ports.ts';
import { EMPTY } from './snapshot.ts';

const ADA = 3;
const BOB = 2 ** 53 - 1;
const ADAS: StoredSession = sessionOf('of ada', ADA, ['room/1', 'user/9']);

function sessionOf(digest: string, person: PersonId, documents: readonly string[] = [], expires = 9): StoredSession {
  return { digest, person, passwordPosition: 1, expires, documents };
}

/** The stored sessions of these digests, each with its documents in order. */
async function sessionsIn(storage: Storage, ...digests: string[]): Promise<(StoredSession | null)[]> {
  const found = await Promise.all(digests.map((digest) => storage.session(digest)));
  return found.map((session) => session && { ...session, documents: session.documents.toSorted() });
}

/** Tests about sessions that every implementation of the port `Storage` must pass; each `rule` is one test on a fresh store. */
export function sessionsSuite(
  rule: (title: string, body: (storage: Storage, clock: FakeClock) => Promise<void>) => void,
): void {
  rule('STORE-140 a session is found by its digest, as it was last written, with its documents', async (storage) => {
    assert.equal(await storage.session('of ada'), null);
    const odd = sessionOf('__proto__', BOB, ['', 'it\'s ["1"]\u0000'], 0);
    assert.deepEqual(resultTypes(await storage.append([sessionItem(ADAS), sessionItem(odd)])), [
      'committed',
      'committed',
    ]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', '__proto__', 'of'), [ADAS, odd, null]);
    const { documents: _documents, ...row } = { ...ADAS, passwordPosition: 4, expires: 12 };
    const again = { session: 'of ada', document: 'room/1', person: ADA };
    await storage.append([
      rowsItem({ op: 'put', table: 'session', row }),
      rowsItem({ op: 'put', table: 'subscription', row: again }),
    ]);
    assert.deepEqual(await sessionsIn(storage, 'of ada'), [{ ...ADAS, passwordPosition: 4, expires: 12 }]);
  });

  rule(
    'STORE-140 a session is in no entry and no snapshot, and is found when it has expired',
    async (storage, clock) => {
      await storage.append([sessionItem({ ...ADAS, expires: clock.now() + 1 })]);
      clock.jump(1_000_000);
      assert.equal((await storage.session('of ada'))?.person, ADA);
      assert.deepEqual(await storage.load(personStream(ADA)), EMPTY);
      assert.deepEqual(await storage.entries(personStream(ADA), 0, 9), []);
    },
  );

  rule('STORE-141 one subscription, one session, or all of a person end, and nothing else', async (storage) => {
    const others = [sessionOf('of ada, too', ADA, ['room/1']), sessionOf('of bob', BOB, ['room/1', 'user/9'])];
    await storage.append([ADAS, ...others].map(sessionItem));
    const drop = { op: 'drop', table: 'subscription', session: 'of ada', document: 'room/1' } as const;
    await storage.append([rowsItem(drop), rowsItem({ ...drop, document: 'nothing' })]);
    const left = { ...ADAS, documents: ['user/9'] };
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of ada, too', 'of bob'), [left, ...others]);
    await storage.append([
      rowsItem(
        { op: 'drop', table: 'session', digest: 'of ada' },
        { op: 'drop-all', table: 'subscription', session: 'of ada' },
      ),
    ]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of ada, too', 'of bob'), [null, ...others]);
    await storage.append([rowsItem(...endOfSessions(ADA))]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of ada, too', 'of bob'), [null, null, others[1]]);
    const empty = ['of ada', 'of ada, too'].map((digest) => sessionOf(digest, ADA));
    await storage.append(empty.map(sessionItem));
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of ada, too'), empty);
  });

  rule('STORE-141 sessions end in the append of a new password or of the end of the person', async (storage) => {
    const others = [sessionOf('of bob', BOB, ['room/1'])];
    const write = () => storage.append([ADAS, ...others].map(sessionItem));
    await write();
    await storage.append([itemOf([passwordSet(ADA, 1, 'the first', null)])]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of bob'), [ADAS, ...others]);
    await storage.append([itemOf([passwordSet(ADA, 2, 'the second', 1)])]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of bob'), [null, ...others]);
    await write();
    await storage.append([itemOf([ofPerson(ADA, 3, { type: 'person-erased', person: ADA, replaces: 2, at: 1 })])]);
    assert.deepEqual(await sessionsIn(storage, 'of ada', 'of bob'), [null, ...others]);
    await storage.append([sessionItem(sessionOf('of ada', ADA))]);
    assert.deepEqual(await sessionsIn(storage, 'of ada'), [sessionOf('of ada', ADA)]);
  });

  rule('STORE-147 the sessions that rest on one token end together, with their subscriptions', async (storage) => {
    const resting = [
      { ...sessionOf('one', ADA, ['room/1', 'user/9']), token: 'of ada' },
      { ...sessionOf('two', ADA, ['room/1']), token: 'of ada' },
    ];
    const others = [
      ADAS,
      { ...sessionOf('on another', ADA, ['room/1']), token: 'another' },
      { ...sessionOf('of bob', BOB, ['room/1']), token: 'of ada' },
    ];
    const all = [...resting, ...others];
    const digests = all.map(({ digest }) => digest);
    await storage.append(all.map(sessionItem));
    assert.deepEqual(await sessionsIn(storage, ...digests), all);
    await storage.append([rowsItem({ op: 'end-sessions', person: ADA, token: 'of ada' })]);
    assert.deepEqual(await sessionsIn(storage, ...digests), [null, null, ...others]);
    await storage.append(resting.map(({ documents: _, ...row }) => sessionItem({ ...row, documents: [] })));
    assert.deepEqual((await sessionsIn(storage, 'one'))[0]?.documents, [], 'no subscription was left behind');
    const revoked = { type: 'token-revoked', person: ADA, digest: 'of ada', at: 1 } as const;
    await storage.append([itemOf([ofPerson(ADA, 1, { ...revoked, why: 'expired' })])]);
    assert.notDeepEqual(await sessionsIn(storage, 'one', 'two'), [null, null]);
    await storage.append([itemOf([ofPerson(ADA, 2, { ...revoked, why: 'asked' })])]);
    assert.deepEqual(await sessionsIn(storage, 'one', 'two'), [null, null]);
  });

  rule('STORE-142 a subscription of a session that is not stored is not written', async (storage) => {
    const row = { session: 'of ada', document: 'room/1', person: ADA };
    const subscribe = rowsItem({ op: 'put', table: 'subscription', row });
    assert.deepEqual(resultTypes(await storage.append([subscribe])), ['committed']);
    await storage.append([sessionItem(sessionOf('of ada', ADA))]);
    assert.deepEqual(await sessionsIn(storage, 'of ada'), [sessionOf('of ada', ADA)]);
    await storage.append([subscribe]);
    assert.deepEqual(await sessionsIn(storage, 'of ada'), [sessionOf('of ada', ADA, ['room/1'])]);
  });

  rule(
    'STORE-158 a session is renewed only while it is stored: one that another node ended stays ended',
    async (storage) => {
      const session = sessionOf('of ada', ADA, ['room/1']);
      await storage.append([sessionItem(session)]);
      const { documents, ...row } = session;
      const later = { ...row, expires: row.expires + 1, token: 'of a token' };
      const renew = rowsItem({ op: 'renew', table: 'session', row: later });
      assert.deepEqual(resultTypes(await storage.append([renew])), ['committed']);
      assert.deepEqual(await sessionsIn(storage, 'of ada'), [{ ...later, documents }]);
      const end = rowsItem({ op: 'drop', table: 'session', digest: 'of ada' });
      assert.deepEqual(resultTypes(await storage.append([end, renew])), ['committed', 'committed']);
      assert.deepEqual(await sessionsIn(storage, 'of ada'), [null]);
      await storage.append([sessionItem(session), renew]);
      assert.deepEqual(await sessionsIn(storage, 'of ada'), [{ ...later, documents }]);
    },
  );

  rule(
    'STORE-145 what a command came to is found, expired or not, until a later result replaces it',
    async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      const kept = ({ digest, result, expires }: typeof once) => ({ digest, result, expires });
      assert.equal(await storage.keptResult(once.scope, once.key), null);
      const other = { ...once, key: 'other', result: 'of the other' };
      await storage.append([itemOf([posted(1, 1)], once), itemOf([posted(1, 1, 'late')], other)]);
      assert.deepEqual(await storage.keptResult(once.scope, once.key), kept(once));
      assert.equal(await storage.keptResult(once.scope, 'other'), null);
      assert.equal(await storage.keptResult('other', once.key), null);
      clock.jump(1_000);
      assert.deepEqual(await storage.keptResult(once.scope, once.key), kept(once));
      const later = { ...onceAt(clock, 1_000), digest: 'another digest', result: 'another result' };
      await storage.append([itemOf([posted(1, 2)], later)]);
      assert.deepEqual(await storage.keptResult(once.scope, once.key), kept(later));
    },
  );

  rule(
    'STORE-145 a command without entries keeps its result, if its streams are where it expects',
    async (storage, clock) => {
      const once = onceAt(clock, 1_000);
      const bare = { writes: [], rows: [], once };
      assert.deepEqual(await storage.append([bare, { ...bare, once: { ...once, result: 'other' } }]), [
        { type: 'committed' },
        { type: 'repeated', digest: once.digest, result: once.result },
      ]);
      const fenced = {
        ...bare,
        writes: [{ stream: roomStream(1), expected: 1, entries: [] }],
        once: { ...once, key: 'fenced' },
      };
      assert.deepEqual(resultTypes(await storage.append([fenced])), ['conflict']);
      assert.equal(await storage.keptResult(once.scope, 'fenced'), null);
      assert.deepEqual(resultTypes(await storage.append([itemOf([posted(1, 1)]), fenced])), ['committed', 'committed']);
      assert.equal((await storage.keptResult(once.scope, 'fenced'))?.result, once.result);
    },
  );
}
