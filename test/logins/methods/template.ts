import { refusal, textOf, type LoginMethod } from '../login-method.ts';

export const template: LoginMethod = {
  protocol: 'template',
  login: (name, password) => Buffer.from(`template JOIN ${name} ${password}\n`),
  outcome: (answer) => (textOf(answer).startsWith('template DONE') ? 'in' : refusal(textOf(answer))),
};
