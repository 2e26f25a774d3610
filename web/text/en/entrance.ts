import { oneOrOther } from '../plural.ts';

const many = oneOrOther('en');

/** Where one logs in. */
export const entrance = {
  title: (server: string) => `Welcome to ${server}`,
  ways: 'How to come in',
  logIn: 'Log in',
  signUp: 'Make an account',
  guest: 'Enter as a guest',
  guestShort: 'Guest',
  signUpShort: 'New account',
  name: 'Name',
  nameHint: 'Others mention you by it. It cannot be changed later.',
  password: 'Password',
  displayName: 'Display name (optional)',
  guestHint: 'No password needed. You can make an account later and keep your name.',
  closed: 'This server makes no new accounts by itself. Ask its operator for one.',
  unreachable: 'The server cannot be reached.',
  unreachableHint: 'This page tries again every few seconds.',
  kept: (count: number) =>
    many(count, '1 message that is not sent is kept.', (n) => `${n} messages that are not sent are kept.`),
  missingOption: (option: string) =>
    `The server does not know this address as its own, so the page cannot connect. Its operator starts it with ${option}.`,
  loggedOutElsewhere: 'You have logged out in another tab.',
  loginEnded: 'You are logged out, since the password was changed or the login has expired. Log in again.',
  deleted: 'Your account is deleted.',
  showPassword: 'Show the password',
  hidePassword: 'Hide the password',
};
