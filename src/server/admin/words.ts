/** The words for a ban of a name or a range of addresses. */
export function banned({ name, reason, until: end }: { name: string; reason: string; until: number | null }): string {
  return `${name} is banned ${until(end)}: ${reason}`;
}

/** A moment in UTC; null means for ever. */
export function until(moment: number | null): string {
  return moment === null ? 'for good' : `until ${stamp(moment)}`;
}

/** A moment to the second, in UTC. */
export function stamp(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
