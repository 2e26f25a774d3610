import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

/** Requests a page, over a new connection or one of the agent. */
export async function getPage(
  url: string,
  agent: Agent = new Agent(),
): Promise<{ readonly status: number; readonly text: string }> {
  const [response] = (await once(get(url, { agent }), 'response')) as [IncomingMessage];
  return { status: Number(response.statusCode), text: await text(response) };
}
