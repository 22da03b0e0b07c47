import type { Command } from 'commander';

export function registerRuns(_program: Command): void {}
