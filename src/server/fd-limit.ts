/** Kept free for the database, the log, the admin socket and files that the process opens itself. */
const RESERVED = 64;

/** How many file descriptors the system lets this process open; no number where the system has no such limit. */
export function fdLimit(): unknown {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: unknown } } };
  return report.userLimits?.open_files?.soft;
}

/** How many connections fit under a limit of descriptors, at most `wanted` (T37). */
export function connectionLimit(wanted: number, descriptors: unknown): number {
  return typeof descriptors === 'number' ? Math.max(1, Math.min(wanted, descriptors - RESERVED)) : wanted; // SERVER-17
}
