// A judge's key: asked for by a command, kept in VS Code's secret storage, sent to the judge by the process that asks it,
// and nowhere else: in no file of the workspace and on no command line. The judge is a server on loopback.

import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';
import * as vscode from 'vscode';
import { command, itInWindow, textOf, until, write } from '../window.ts';
import { inWorkspace, merf, show } from '../workspace.ts';

const NAME = 'STUDIO_TEST_KEY';
const SECRET = 'sk-studio-4f9b2c71e8';
const file = () => inWorkspace('judged.merf');
const box = { selector: '.quick-input-widget input' };

const text = (port: number) => `experiment judged
task arithmetic(train: 4, test: 2)
prompt { user "{question}{motivation}" }
judge tone(response): 0..10 {
  endpoint "http://127.0.0.1:${port}/v1"
  model "any"
  key "${NAME}"
  prompt "How polite is it? {response}"
}
reward { rule polite "Polite" { + tone(response) when finished : "how polite it is"  0 otherwise : "cut off" } }
motivation full { "{rules}" }
arm merf { motivation full }
example "polite" { row { }  response "Please."  expect reward 7 }
`;

describe("a judge's key", () => {
  const seen: { authorization: string | undefined; commandLines: string }[] = [];
  const server = createServer((request, response) => {
    seen.push({ authorization: request.headers.authorization, commandLines: commandLines() });
    request.resume().once('end', () => {
      const message = { role: 'assistant', content: '{"answer": 7}' };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }] }));
    });
  });
  before(async () => {
    await merf();
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    writeFileSync(file(), text(portOf(server.address())));
  });
  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    server.close();
    rmSync(file(), { force: true });
  });

  itInWindow('is asked for by the name that the file gives it, and is not shown', async () => {
    await show(file());
    await command('MeRF: Set Judge Key', 'merf.setJudgeKey');
    await write(box, NAME);
    await textOf({ selector: '.quick-input-widget input[type="password"]' });
    await write(box, SECRET);
    await until('the key', async () => (await statuses()).some((status) => status.includes('passed')), 60);
  });

  itInWindow('reaches the judge, and nothing else', async () => {
    assert.ok(seen.length > 0);
    for (const { authorization, commandLines: lines } of seen) {
      assert.equal(authorization, `Bearer ${SECRET}`);
      assert.ok(!lines.includes(SECRET), 'the key stands on a command line');
    }
    const folder = path.dirname(file());
    const holding = filesUnder(folder).filter((each) => readFileSync(each).includes(SECRET));
    assert.deepEqual(holding, []);
  });
});

/** How the examples of the file end when they are run now. */
async function statuses(): Promise<string[]> {
  const { onDidRunExamples } = await merf();
  return new Promise((resolve) => {
    const listening = onDidRunExamples((ran) => {
      listening.dispose();
      resolve(ran.map(({ status }) => status));
    });
    void show(file()).then(() => vscode.commands.executeCommand('merf.runExample'));
  });
}

/** Of all processes, where the system tells. */
function commandLines(): string {
  if (process.platform !== 'linux') return '';
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        return ''; // it has ended
      }
    })
    .join('\n');
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function portOf(address: ReturnType<ReturnType<typeof createServer>['address']>): number {
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}
