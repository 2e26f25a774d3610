import type { IncomingMessage } from 'node:http';
import { parseTarget } from '../../transports/accept/target.ts';
import type { HttpHandler, HttpVisitor } from '../../transports/accept/http-upgrader.ts';
import { type Answer, send, sentence } from './answer.ts';
import { MEDIA } from './paths.ts';
import { type ShownPeople, showPicture } from './show.ts';
import { type UploadSources, uploadPicture } from './upload.ts';

const UPLOAD = 'pictures';

/** Answers requests below `/media/`: uploads of pictures, and the pictures of people. */
export function answerMedia(people: ShownPeople, uploads: UploadSources): HttpHandler {
  const { log } = uploads;
  return (request, response, visitor) => {
    const answer = answerFor(people, uploads, request, visitor).catch((error: unknown) => {
      log.error('media-failed', { reason: String(error) });
      return sentence(500, 'This cannot be shown now.');
    });
    void answer.then((found) => found && send(request, response, found));
  };
}

async function answerFor(
  people: ShownPeople,
  uploads: UploadSources,
  request: IncomingMessage,
  visitor: HttpVisitor,
): Promise<Answer | null> {
  const path = parseTarget(request.url ?? '').path.slice(MEDIA.length);
  if (path === UPLOAD) return upload(uploads, request, visitor);
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead ? showPicture(people, request, path) : notAllowed('GET, HEAD'); // SERVER-190
}

/** Uploads come from programs, from our own pages, and from pages of origins that the operator allowed. */
async function upload(uploads: UploadSources, request: IncomingMessage, visitor: HttpVisitor): Promise<Answer | null> {
  const refusal = visitor.originRefusal();
  if (refusal !== null) return sentence(403, refusal.trimEnd()); // SERVER-187
  const { origin } = request.headers;
  const allowed = origin === undefined ? {} : { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }; // SERVER-188
  const answer = isPreflight(request)
    ? preflight()
    : request.method === 'POST'
      ? await uploadPicture(uploads, request)
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

function notAllowed(methods: string): Answer {
  return sentence(405, 'This cannot be done here.', { Allow: methods }); // SERVER-190
}
