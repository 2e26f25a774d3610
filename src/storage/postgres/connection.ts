import { Client, type ClientBase, type ClientConfig, type CustomTypesConfig, Pool, types } from 'pg';

/** Where the database is, and how it is asked. */
export type Target = {
  readonly config: ClientConfig;
  /** False where a proxy gives each statement to another session, so that none can be prepared. */
  readonly prepare: boolean;
};

/** A statement with a name, under which a session prepares it once. */
export type Statement = { readonly name: string; readonly text: string };

/** No connect and no statement takes longer, in ms: then the connection is destroyed. */
export const DEADLINE_MS = 3_000;

const INT8 = 20;
/** Integers are below 2^53. */
const NUMBERS: CustomTypesConfig = {
  getTypeParser: ((oid: number, format: 'text' | 'binary') =>
    oid === INT8 ? Number : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
};

/** Reads a URL `postgres://...`. Its parameter `prepare=false` switches prepared statements off; the driver reads all others. */
export function targetOf(url: string): Target {
  const [, prepare = 'true'] = /[?&]prepare=([^&]*)/.exec(url) ?? [];
  if (prepare !== 'true' && prepare !== 'false')
    throw new Error('the parameter "prepare" of the URL of the database is true or false'); // STORE-188
  const config: ClientConfig = {
    connectionString: url,
    application_name: 'parlance',
    keepAlive: true,
    types: NUMBERS,
    connectionTimeoutMillis: DEADLINE_MS,
    query_timeout: DEADLINE_MS,
  };
  return { config, prepare: prepare === 'true' };
}

/** Opens a connection; it rejects, closed, when its commits would be lost, or when the server takes none. */
export async function connect({ config }: Target): Promise<Client> {
  const client = new Client(config);
  client.on('error', () => {}); // What is asked rejects, too.
  await client.connect();
  try {
    await refuseUnfit(client);
    return client;
  } catch (error) {
    await client.end();
    throw error;
  }
}

/** Connections that are opened when they are needed, as by `connect`. */
export function pooled({ config }: Target, max: number): Pool {
  const verify = (client: ClientBase, done: (error?: Error) => void) => {
    refuseUnfit(client).then(() => done(), done);
  };
  const pool = new Pool({ ...config, max, verify });
  pool.on('error', () => {}); // An idle connection was cut: the next read opens another one.
  return pool;
}

/** What to ask a connection: a prepared statement, unless that is switched off. */
export function asked(target: Target, { name, text }: Statement, values: readonly unknown[]) {
  return target.prepare ? { name, text, values: [...values] } : { text, values: [...values] }; // STORE-188
}

async function refuseUnfit(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ readOnly: string; synchronous: string; encoding: string }>(
    `SELECT current_setting('transaction_read_only') AS "readOnly", current_setting('synchronous_commit') AS synchronous,
       current_setting('server_encoding') AS encoding`,
  );
  const [settings] = rows;
  if (settings?.readOnly === 'on') {
    throw new Error('the database can only be read: it is a standby, or default_transaction_read_only is on'); // STORE-185
  }
  if (settings?.encoding !== 'UTF8') {
    throw new Error(
      `the database is in ${settings?.encoding}, which has no place for most of what people write. Make one in UTF8`, // STORE-185
    );
  }
  if (settings?.synchronous === 'off') {
    throw new Error(
      'the database would lose what is committed. Switch synchronous_commit on for the role and the database of Parlance', // STORE-185
    );
  }
}
