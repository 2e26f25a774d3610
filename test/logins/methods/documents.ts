import { firstObject, type LoginMethod, type RegisterMethod } from '../login-method.ts';

export const documents: LoginMethod & RegisterMethod = {
  protocol: 'documents',
  login: (username, password) => request('login', { username, password }),
  outcome(answer) {
    const { status, data } = firstObject(answer);
    const { code } = (data ?? {}) as { readonly code?: unknown };
    return status === 200 ? 'in' : code === 4_010_130 ? 'wrong' : 'wait';
  },
  register: (username, password) => request('register', { username, password }),
  isRegistered: (answer) => firstObject(answer).status === 201,
};

function request(cls: string, data: object): Uint8Array {
  return Buffer.from(JSON.stringify({ type: 'request', id: '1', cls, data }));
}
