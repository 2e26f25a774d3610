import { refusal, textOf, type LoginMethod } from '../login-method.ts';

export const c2: LoginMethod = {
  protocol: 'c2',
  login: (name, password) => Buffer.from(`c2/CONNECT ${name}; ${password}\n`),
  outcome: (answer) => (textOf(answer).startsWith('c2/ACKNOWLEDGE') ? 'in' : refusal(textOf(answer))),
};
