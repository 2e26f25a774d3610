import type { ClientLog } from './client-log.ts';
import type { PartnerClient } from './clients/partner-client.ts';
import { TaggedClient } from './clients/tagged.ts';

/** After the load: each of these new clients logs in, and is shown all direct messages that were acknowledged. Neighbours are partners. */
export async function checkBacklog(partners: readonly PartnerClient[], log: ClientLog): Promise<string[]> {
  const problems: string[] = [];
  for (const { name, loggedIn } of partners)
    if (!(await loggedIn)) problems.push(`${name} cannot log in any more by the same password or token`);
  for (const [index, client] of partners.entries()) {
    const partner = partners[index ^ 1];
    if (partner !== undefined) await client.caughtUp(partner);
    const friends = client instanceof TaggedClient ? await client.friends() : [];
    for (const friendship of log.friends) {
      const [name, other = ''] = friendship.split(' ');
      if (name === client.name && !friends.includes(other)) problems.push(`${name} has lost the friend ${other}`);
    }
  }
  for (const { to, text } of log.directs)
    if (!log.shownDirects.has(`${to} ${text}`)) problems.push(`${to} was not shown "${text}", which was acknowledged`);
  for (const client of partners) client.close();
  return problems;
}
