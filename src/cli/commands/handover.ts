import type { Command } from 'commander';

export function registerHandover(_program: Command): void {}
