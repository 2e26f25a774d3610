import { refusal, textOf, type Way } from '../login-method.ts';

export const template: Way = {
  protocol: 'template',
  login: (name, password) => Buffer.from(`template JOIN ${name} ${password}\n`),
  outcome: (answer) => (textOf(answer).startsWith('template DONE') ? 'in' : refusal(textOf(answer))),
};
