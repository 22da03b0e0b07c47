// Style sheets are imported for their effect: esbuild gathers them into one file beside each panel's script.
declare module '*.css';
