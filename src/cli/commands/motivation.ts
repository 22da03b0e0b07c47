import type { Command } from 'commander';

export function registerMotivation(_program: Command): void {}
