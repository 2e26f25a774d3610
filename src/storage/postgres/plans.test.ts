import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describePostgres } from '../../../testing/postgres.ts';
import { searchFor } from '../../../testing/storage/samples.ts';
import { connect, targetOf } from './connection.ts';
import { migrate } from './migrations.ts';
import { accounts, nearMessages, rooms } from './search-statements.ts';
import { STATEMENTS, type StatementName, statement } from './statements.ts';

/** Values that a statement can be asked with. */
const VALUES: { readonly [name in StatementName]: readonly unknown[] } = {
  positions: [['room/1', 'room/2']],
  entries: ['room/1', 1, 2],
  loadRoom: ['room/1', 1],
  loadPerson: ['person/1', 1],
  loadDirectory: ['directory'],
  page: ['room/1', 9, 5],
  message: ['id'],
  credential: [1],
  token: ['digest'],
  invitation: ['digest'],
  session: ['digest'],
  keptResult: ['scope', 'key'],
  deliveryMarkers: [1],
  furthestReads: [1],
  relatedTo: [1],
  messagesBy: [1, 2, 3],
  file: ['id'],
  fileBytes: [1],
  uploadsBefore: [1, 2],
  namedDigests: [['digest']],
};

describePostgres('plans in PostgreSQL', (makeDatabase) => {
  test('STORE-190 every read but that of the directory is by indexes, also in their order', async (context) => {
    const client = await connect(targetOf(await makeDatabase(context)));
    context.after(() => client.end());
    await migrate(client, { serverId: 1, identity: 'x' });
    // Small tables would be read whole, whatever indexes there are.
    await client.query('SET enable_seqscan = off; SET enable_sort = off');
    const planOf = async (text: string, values: readonly unknown[] = []) => {
      const { rows } = await client.query<{ 'QUERY PLAN': string }>(`EXPLAIN ${text}`, [...values]);
      return rows.map((row) => row['QUERY PLAN']).join('\n');
    };
    for (const name of STATEMENTS) {
      const plan = await planOf(statement(name).text, VALUES[name]);
      const found = plan.match(/Seq Scan on \w+/g) ?? [];
      const whole = ['ban', 'name', 'account', 'unit', 'unit_member'].map((table) => `Seq Scan on ${table}`);
      assert.deepEqual(found.toSorted(), name === 'loadDirectory' ? whole.toSorted() : [], `${name}\n${plan}`);
      // These sort what they answer, and no more than that.
      if (!['page', 'positions'].includes(name)) assert.doesNotMatch(plan, /\bSort\b/, `${name}\n${plan}`);
    }
    const withheld = await planOf(statement('loadRoom').text, VALUES.loadRoom);
    assert.match(withheld, /message_withheld/);
    assert.match(await planOf(statement('furthestReads').text, [1]), /Index Scan Backward using read_room/);
    assert.match(await planOf(statement('fileBytes').text, [1]), /file_person/);
    const search = searchFor('some wor', {
      kinds: ['message', 'account', 'room'],
      rooms: [1, 2],
      before: { room: 1, number: 2 },
    });
    assert.match(await planOf(accounts(search, 9)), /Bitmap Index Scan on account_terms/);
    assert.match(await planOf(rooms(search, 9)), /Bitmap Index Scan on room_terms/);
    const near = await planOf(nearMessages(search, 9));
    assert.match(near, /Index Scan Backward using message_seq_key/);
    assert.doesNotMatch(near, /Seq Scan/);
  });
});
