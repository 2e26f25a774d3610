import { firstObject, refusal, type Way } from '../login-method.ts';

export const codechat: Way = {
  protocol: 'codechat',
  login: (username, password) => Buffer.from(JSON.stringify({ cmd: 'connect', username, password })),
  outcome(answer) {
    const { success, 'error-msg': reason } = firstObject(answer);
    return success === true ? 'in' : refusal(String(reason));
  },
};
