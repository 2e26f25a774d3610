/** What a member may do in a room; null for a guest in the lobby, and for somebody who is not in the room. */
export type RoomRole = 'member' | 'moderator' | 'owner' | null;

const RANKS = { member: 0, moderator: 1, owner: 2 } as const;

/** Whether somebody with this role removes, mutes and bans somebody with the other one: only a higher rank may. */
export function outranks(own: RoomRole, other: RoomRole): boolean {
  return own !== null && other !== null && RANKS[own] > RANKS[other]; // WEB-98
}

/** Whether it is the room that nobody leaves. Where an operator has given it another name, the server refuses it. */
export function isLobby({ groupname }: { readonly groupname?: string }): boolean {
  return groupname === 'lobby'; // WEB-100
}

/** Whether somebody with this role changes the name of the room, and withdraws all its invitations. */
export function moderates(own: RoomRole): boolean {
  return own === 'owner' || own === 'moderator'; // WEB-95
}

/** Whether somebody with this role brings others in: all members of an open room, and who moderates a closed one. */
export function invites(own: RoomRole, isOpen: boolean): boolean {
  return own !== null && (isOpen || moderates(own)); // WEB-96
}
