import { systemClock } from '../../server/clock.ts';
import { describePostgres, query } from '../../../testing/postgres.ts';
import { namesSuite } from '../names.suite.ts';
import { connect, targetOf } from './connection.ts';
import { migrate } from './migrations.ts';
import { PostgresNames } from './names.ts';
import { Reader } from './reader.ts';

describePostgres('names in PostgreSQL', (_, reuseDatabase) => {
  namesSuite('postgres', async () => {
    const ends: (() => Promise<void>)[] = [];
    const url = await reuseDatabase({ after: (run) => void ends.push(run) });
    const target = targetOf(url);
    const client = await connect(target);
    await migrate(client, { serverId: 1, identity: 'x' });
    await client.end();
    // Several connections for claims: of claims at once only one may win, whichever node they come from.
    const [claims, leases] = [new Reader(target, 5, systemClock), new Reader(target, 1, systemClock)];
    return {
      names: new PostgresNames(claims, leases),
      async pass(ms) {
        const age = `interval '${ms} ms'`;
        await query(url, `UPDATE node SET since = since - ${age}, expires = expires - ${age}`);
      },
      async close() {
        await Promise.all([claims.close(), leases.close()]);
        for (const end of ends) await end();
      },
    };
  });
});
