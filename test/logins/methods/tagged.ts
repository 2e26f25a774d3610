import { firstObject, hashOf, type RegisterMethod, type LoginMethod } from '../login-method.ts';

export const tagged: LoginMethod & RegisterMethod = {
  protocol: 'tagged',
  login: (name, password) => request('login', name, hashOf(password)),
  outcome(answer) {
    const { result } = firstObject(answer);
    return result === 200 ? 'in' : result === 401 ? 'wrong' : 'wait';
  },
  register: (name, password) => request('register', name, hashOf(password).toUpperCase()),
  isRegistered: (answer) => firstObject(answer).result === 201,
};

function request(message: string, username: string, password: string): Uint8Array {
  return Buffer.from(JSON.stringify({ message, username, password, tag: '1' }));
}
