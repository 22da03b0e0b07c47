// Whether the process that writes a run is still there. Left out: telling a reused process number from the old one
// (a run's record is also refreshed at every step).

export function isAlive(pid: number | null): boolean {
  // 0 and negative numbers would ask for groups of processes, which there always are
  if (pid === null || !Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
