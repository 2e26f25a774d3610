import { askServer } from '../admin/client.ts';
import type { AdminRequest } from '../admin/messages.ts';
import { adminPath } from '../admin/path.ts';
import { dataDirectory } from '../config/sources.ts';
import { fail } from './fail.ts';

/** Sends a request to the server of the data directory and prints the reply; ends the process with code 1 on failure. */
export async function ask({ data }: { readonly data?: string }, request: AdminRequest): Promise<void> {
  const flags = new Map(data === undefined ? [] : [['data', data]]);
  const path = adminPath(dataDirectory({ flags, env: process.env, directory: process.cwd() }));
  if (!path.ok) fail([path.error]);
  const reply = await askServer(path.value, request);
  if (!reply.ok) fail([reply.error]);
  if (!reply.value.ok) fail(reply.value.lines); // SERVER-60
  process.stdout.write(reply.value.lines.map((line) => `${line}\n`).join(''));
}
