import { oneOrOther } from '../plural.ts';

const many = oneOrOther('en');

/** What one does with oneself: presence, account, logging out. */
export const account = {
  menu: 'You',
  status: 'Status',
  setStatus: 'Set a status ...',
  statusHint: 'Others see it beside your name, until you leave.',
  clearStatus: 'Clear',
  online: 'Online',
  away: 'Away',
  busy: 'Busy',
  invisible: 'Invisible',
  settings: 'Settings',
  logOut: 'Log out',
  logOutTitle: 'Log out?',
  logOutUnsent: (count: number) =>
    many(
      count,
      '1 message is not sent yet, and would be lost.',
      (n) => `${n} messages are not sent yet, and would be lost.`,
    ),
  logOutGuest:
    'You are a guest: without an account nobody can come back as you, and your direct conversations would be gone.',
  stay: 'Stay',
  guest: 'You are a guest.',
  keepName: 'Keep your name',
  becomeTitle: 'Make an account',
  becomeHint: 'With an account you keep this name, your rooms and your conversations, and come back from anywhere.',
  become: 'Make an account',
  name: 'Name',
  password: 'Password',
  currentPassword: 'Current password',
  newPassword: 'New password',
  changePassword: 'Change the password',
  changePasswordHint: 'You stay logged in here, and are logged out everywhere else.',
  passwordChanged: 'The password is changed.',
  delete: 'Delete the account',
  deleteTitle: 'Delete this account?',
  deleteHint:
    'Your profile, your contacts and your memberships are deleted. Your name is never given to anybody else. What you wrote in rooms stays. This cannot be undone.',
  save: 'Save',
  cancel: 'Cancel',
};
