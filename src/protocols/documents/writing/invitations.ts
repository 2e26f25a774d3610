import type { SessionApi } from '../../../connections/session/session-api.ts';
import type { Outgoing } from '../codec.ts';
import { type Heading, refused } from '../errors.ts';
import type { RequestOf } from '../schema.ts';
import { doneAnswer, result200 } from './changes.ts';

type Request = RequestOf<'invite' | 'invitation' | 'end_invitations'>;

/** Serves the requests about invitations. Joining by one is an `add_child` to `rooms`. */
export function serveInvitation(
  api: SessionApi,
  request: Request,
  heading: Heading,
  answer: (message: Outgoing) => void,
): void {
  switch (request.cls) {
    case 'invite': {
      const { room, until = null, uses = null } = request.data;
      return api.invite(room.id, { until, uses }, (result) =>
        answer(result.ok ? { ...result200(heading, 'invite'), data: result.value } : refused(heading, result.error)),
      ); // DOC-150
    }
    case 'invitation':
      return api.invitation(request.data.code, (result) => {
        if (!result.ok) return answer(refused(heading, result.error)); // DOC-153
        const { room, name, members, until } = result.value;
        const data = { room: { type: 'room', id: room } as const, name, members_total: members, until };
        answer({ ...result200(heading, 'invitation'), data }); // DOC-151
      });
    case 'end_invitations':
      return api.command({ type: 'end-invitations', room: request.data.room.id }, doneAnswer(heading, 200, answer)); // DOC-154
  }
}
