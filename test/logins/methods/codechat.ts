import { firstObject, refusal, type LoginMethod } from '../login-method.ts';

export const codechat: LoginMethod = {
  protocol: 'codechat',
  login: (username, password) => Buffer.from(JSON.stringify({ cmd: 'connect', username, password })),
  outcome(answer) {
    const { success, 'error-msg': reason } = firstObject(answer);
    return success === true ? 'in' : refusal(String(reason));
  },
};
