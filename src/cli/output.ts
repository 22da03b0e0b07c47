// Writing to the standard output: waits while the reader is slow, and ends quietly when it has gone (`merf … | head`).

/** Writes text; resolves when there is room for more. Ends the process when nobody reads any longer. */
export async function print(text: string): Promise<void> {
  listen();
  if (!process.stdout.write(text)) await new Promise<void>((resolve) => process.stdout.once('drain', resolve));
}

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    process.stderr.write(`merf: The output cannot be written (${error.code}). Free some space, or write elsewhere.\n`);
    process.exit(1);
  });
}
