import type { IncomingMessage } from 'node:http';
import type { HttpVisitor } from '../../transports/accept/http-upgrader.ts';
import { type Answer, notAllowed, sentence } from '../media/answer.ts';

/**
 * Answers a request to an address for uploads. They come from programs, from our own pages, and from pages of origins that the
 * operator allowed; `post` answers a POST.
 */
export async function answerUpload(
  request: IncomingMessage,
  visitor: HttpVisitor,
  post: () => Promise<Answer | null>,
): Promise<Answer | null> {
  const refusal = visitor.originRefusal();
  if (refusal !== null) return sentence(403, refusal.trimEnd()); // SERVER-187
  const { origin } = request.headers;
  const allowed = origin === undefined ? {} : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }; // SERVER-188
  const answer = isPreflight(request)
    ? preflight()
    : request.method === 'POST'
      ? await post()
      : notAllowed('POST, OPTIONS'); // SERVER-190
  return answer && { ...answer, headers: { ...answer.headers, ...allowed } };
}

/** Whether a browser asks if a page of another origin may send a request (Fetch, 3.3.2). */
function isPreflight({ method, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

function preflight(): Answer {
  const headers = {
    'Access-Control-Allow-Methods': 'POST',
    'Access-Control-Allow-Headers': 'Authorization, Content-Type',
  };
  return { status: 204, headers }; // SERVER-188
}
