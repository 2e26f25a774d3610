import type { IncomingMessage } from 'node:http';
import { parseTarget } from '../../transports/accept/target.ts';
import type { HttpHandler, HttpVisitor } from '../../transports/accept/http-upgrader.ts';
import { type Answer, notAllowed, send, sentence } from './answer.ts';
import { answerUpload } from '../http/cross-origin.ts';
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
  if (path === UPLOAD) return answerUpload(request, visitor, () => uploadPicture(uploads, request));
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead ? showPicture(people, request, path) : notAllowed('GET, HEAD'); // SERVER-190
}
