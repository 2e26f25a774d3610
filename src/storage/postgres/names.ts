import { escapeLiteral } from 'pg';
import type { NodeId, PersonId } from '../../core/model/ids.ts';
import { type Claim, type Lease, LEASE_MS, type Names } from '../../core/ports.ts';
import type { Statement } from './connection.ts';
import type { Reader } from './reader.ts';
import { readText, storedText } from './stored-text.ts';

/** A name that could not be taken may be free when its holder is read: so often that is tried again. */
const ATTEMPTS = 10;

/**
 * The names in use, in the database: leases run by its clock. Claims have a connection of their own, and so have leases: a claim
 * locks the lease of its node for a moment, and one after another they leave room for the renewal.
 */
export class PostgresNames implements Names {
  readonly leaseMs = LEASE_MS;
  readonly #claims: Pick<Reader, 'ask'>;
  readonly #leases: Pick<Reader, 'ask' | 'askOnce'>;

  constructor(claims: Pick<Reader, 'ask'>, leases: Pick<Reader, 'ask' | 'askOnce'>) {
    this.#claims = claims;
    this.#leases = leases;
  }

  async claim(skeleton: string, person: PersonId, node: NodeId): Promise<Claim> {
    const name = storedText(skeleton);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const [claim] = await this.#claims.ask<{ alive: boolean; won: boolean }>(CLAIM, [name, person, storedText(node)]);
      if (claim?.alive !== true) throw new Error('the node holds no lease'); // STORE-24
      if (claim.won) return { won: true }; // STORE-20 STORE-21
      const [holder] = await this.#claims.ask<{ person: PersonId; node: string }>(HOLDER, [name]);
      if (holder !== undefined && holder.person !== person)
        return { won: false, person: holder.person, node: readText(holder.node) }; // STORE-20
    }
    throw new Error('the name changes hands again and again');
  }

  async release(skeleton: string, person: PersonId): Promise<void> {
    await this.#claims.ask(RELEASE, [storedText(skeleton), person]); // STORE-22
  }

  async renew(node: NodeId): Promise<Lease> {
    const [lease] = await this.#leases.ask<{ unbroken: boolean; old: boolean }>(RENEW, [storedText(node), LEASE_MS]);
    if (lease?.old === true) await this.#leases.askOnce(endOf('expires <= clock_timestamp()')); // STORE-26
    const nodes = await this.#leases.ask<{ id: string }>(NODES, []);
    return { unbroken: lease?.unbroken === true, nodes: nodes.map(({ id }) => readText(id)) }; // STORE-25 STORE-27
  }

  async leave(node: NodeId): Promise<void> {
    await this.#leases.askOnce(endOf(`id = ${escapeLiteral(storedText(node))}`)); // STORE-23
  }
}

/** The lock on the lease makes whoever ends it wait, so that the name is ended with it. */
const CLAIM: Statement = {
  name: 'claim',
  text: `WITH own AS MATERIALIZED (SELECT id FROM node WHERE id = $3 AND expires > clock_timestamp() FOR SHARE),
    won AS (
      INSERT INTO claim (skeleton, person, node) SELECT $1, $2, id FROM own
      ON CONFLICT (skeleton) DO UPDATE SET node = excluded.node WHERE claim.person = excluded.person
      RETURNING 1
    )
    SELECT EXISTS (SELECT FROM own) AS alive, EXISTS (SELECT FROM won) AS won`,
};
const HOLDER: Statement = { name: 'holder', text: 'SELECT person, node FROM claim WHERE skeleton = $1' };
const RELEASE: Statement = { name: 'release', text: 'DELETE FROM claim WHERE skeleton = $1 AND person = $2' };
const NODES: Statement = { name: 'nodes', text: 'SELECT id FROM node' };

/** `old`: the lease has been unbroken for a whole term. */
const RENEW: Statement = {
  name: 'renew',
  text: `WITH t AS MATERIALIZED (SELECT clock_timestamp() AS now, $2::bigint * interval '1 ms' AS term)
    INSERT INTO node (id, since, expires) SELECT $1, now, now + term FROM t
    ON CONFLICT (id) DO UPDATE SET expires = excluded.expires,
      since = CASE WHEN node.expires > excluded.since THEN node.since ELSE excluded.since END
    RETURNING since < (SELECT now FROM t) AS unbroken, since <= (SELECT now - term FROM t) AS old`,
};

/**
 * Ends leases, and frees their names. These are several statements of one transaction, because a statement does not see what was
 * committed while it waited for a lock. The first one waits for claims that are under way and keeps later ones waiting.
 */
function endOf(which: string): string {
  return `UPDATE node SET expires = '-infinity' WHERE ${which};
    DELETE FROM claim USING node WHERE claim.node = node.id AND node.expires = '-infinity';
    DELETE FROM node WHERE expires = '-infinity'`;
}
