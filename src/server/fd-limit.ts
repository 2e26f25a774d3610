/** Kept free for the database, the log, the admin socket and whatever the process opens itself. */
const RESERVED = 64;

/** How many connections the process has descriptors for, at most `wanted` (T37); all of them where the system has no such limit. */
export function connectionLimit(wanted: number): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  return heldBy(wanted, report.userLimits?.open_files?.soft);
}

/** The same for a limit as the system reports it. */
export function heldBy(wanted: number, descriptors: unknown): number {
  if (typeof descriptors !== 'number') return wanted;
  return Math.max(1, Math.min(wanted, descriptors - RESERVED)); // SERVER-17
}
