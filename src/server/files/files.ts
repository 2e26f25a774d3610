import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpHandler, HttpVisitor } from '../../transports/accept/http-upgrader.ts';
import { parseTarget } from '../../transports/accept/target.ts';
import { type Answer, notAllowed, send, sentence } from '../media/answer.ts';
import { answerUpload } from '../http/cross-origin.ts';
import { UPLOADS } from './paths.ts';
import { type ShownFiles, showFile } from './show.ts';
import { uploadFile, type UploadSources } from './upload.ts';

/** Answers requests to `/files` and below it: uploads, and the files themselves. */
export function answerFiles(shown: ShownFiles, uploads: UploadSources): HttpHandler {
  const { log } = shown;
  return (request, response, visitor) => {
    const answer = answerFor(shown, uploads, request, response, visitor).catch((error: unknown) => {
      log.error('files-failed', { reason: String(error) });
      return sentence(503, 'This cannot be shown now.');
    });
    void answer.then((found) => found && !response.headersSent && send(request, response, found));
  };
}

async function answerFor(
  shown: ShownFiles,
  uploads: UploadSources,
  request: IncomingMessage,
  response: ServerResponse,
  visitor: HttpVisitor,
): Promise<Answer | null> {
  const { path } = parseTarget(request.url ?? '');
  if (path === UPLOADS) return answerUpload(request, visitor, () => uploadFile(uploads, request, visitor)); // SERVER-276
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  return isRead ? showFile(shown, request, response, path) : notAllowed('GET, HEAD'); // SERVER-277
}
