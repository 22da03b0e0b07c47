import type { BuildOptions, Plugin } from 'esbuild';

export declare const zodInEnglish: Plugin;
export declare function panelBuilds(options: BuildOptions): BuildOptions[];
