// The VS Code shell: a thin client of the language server, of the `merf` command, and of run folders. It wires the
// parts together; what they do is in their own files.

import { join } from 'node:path';
import * as vscode from 'vscode';
import { z } from 'zod';
import { explain } from '../spec/error.ts';
import { CurvesState, RolloutsState } from '../webview/messages.ts';
import { offerTools } from './agent_tools.ts';
import { type CommandId, commands, contextKeys, views } from './commands.ts';
import { addExample } from './editor/add_example.ts';
import { CaseNumbersView } from './editor/case_numbers.ts';
import { caseMeant, peekRollouts, RolloutsPlace, RolloutTexts, rolloutScheme } from './editor/case_rollouts.ts';
import { type CaseNumbers, LanguageServer } from './editor/language.ts';
import { newFile, openWalkthrough } from './editor/new_file.ts';
import { Probe } from './editor/probe.ts';
import { ExampleTests } from './editor/test_explorer.ts';
import { DevicesTree, findingsHere, showRemedy } from './models/devices_tree.ts';
import { JudgeKeys } from './models/judge_keys.ts';
import { deleteModel, downloadModel, modelsHere, revealModel, useModelInFile } from './models/model_commands.ts';
import { ModelsTree } from './models/models_tree.ts';
import { Once } from './once.ts';
import { ComparePanels } from './panels/compare_panel.ts';
import { CurrentStep } from './panels/current_step.ts';
import { CurvesPanels } from './panels/curves_panel.ts';
import { copyLink, linkHandler } from './panels/links.ts';
import { PromptPreview } from './panels/prompt_preview.ts';
import { ReportPanels } from './panels/report_panel.ts';
import { filteredBy, RolloutsPanels } from './panels/rollouts_panel.ts';
import { Alerts } from './runs/alerts.ts';
import { chooseRun, runFolders } from './runs/choose.ts';
import { exportRun } from './runs/export_run.ts';
import { announceEnds } from './runs/notifications.ts';
import { openRun } from './runs/open_run.ts';
import { copyRunId, deleteRun, pauseRun, revealRun, showLog } from './runs/run_commands.ts';
import { type KnownRun, RunStore } from './runs/run_store.ts';
import { showRuns } from './runs/runs_tree.ts';
import { showProgress } from './runs/status_bar.ts';
import { resume, stop, train } from './runs/train.ts';
import { roots, type Studio } from './studio.ts';
import { showFailure } from './words.ts';

/** What another extension (and the tests) can see. */
export interface MerfApi {
  runs(): readonly KnownRun[];
  refreshRuns(): Promise<void>;
  /** The examples that the test view has found. */
  examples(): { file: string; examples: string[] }[];
  /** Opens a link to a panel, as VS Code's URI handler does. */
  openLink(uri: vscode.Uri): Promise<void>;
  /** Examples of a file have been run. */
  onDidRunExamples: ExampleTests['onDidRun'];
  /** What is drawn beside the cases of a text. */
  caseNumbers(uri: vscode.Uri): CaseNumbers | null;
  /** The words of an alert that this window has announced. */
  onDidAnnounceAlert: Alerts['onDidAnnounce'];
}

/** How a line of the Runs view opens a panel: the focus stays in the list, where keys go on. */
const FromList = z.object({ preserveFocus: z.literal(true) });

export async function activate(context: vscode.ExtensionContext): Promise<MerfApi> {
  const log = vscode.window.createOutputChannel('MeRF', { log: true });
  const store = new RunStore(roots, log);
  const step = new CurrentStep();
  const studio: Studio = {
    context,
    log,
    store,
    step,
    runs: showRuns(store, views.runs, (uri) => openRun(studio, uri)),
    keys: new JudgeKeys(context),
    rollouts: new RolloutsPanels(context, store, step),
    curves: new CurvesPanels(context, store, step, log, {
      openRollouts: (folder, set, filter) => void studio.rollouts.show(folder, set, filteredBy(folder, filter)),
      stop: (folder) => void stop(studio, folder),
      resume: (folder) => void resume(studio, folder),
      showLog: (folder) => void showLog(studio, folder),
    }),
  };
  const compare = new ComparePanels(studio);
  const prompt = new PromptPreview(studio);
  const report = new ReportPanels(studio);
  const probe = new Probe(studio);
  const language = new LanguageServer(context, roots);
  const caseNumbers = new CaseNumbersView((uri) => language.caseNumbersOf(uri));
  const tests = new ExampleTests(studio, (uri) => language.examplesOf(uri));
  const runsChanged = () => {
    language.runsChanged().catch((error: unknown) => log.warn(explain(error)));
    caseNumbers.drawSoon();
  };
  const models = new ModelsTree(() => modelsHere(studio));
  const devices = new DevicesTree(() => findingsHere(studio));
  const once = new Once(join(context.globalStorageUri.fsPath, 'said'));
  once.tidy();
  const alerts = new Alerts(store, context.globalState, once, log);
  const links = linkHandler(store, log, {
    ofRuns: {
      curves: (folder, state) => studio.curves.show(folder, CurvesState.safeParse(state).data ?? null),
      compare: (folder, state) => compare.showState(folder, state),
      report: (folder) => report.show(folder),
      rollouts: (folder, state) => {
        const asked = RolloutsState.safeParse(state).data;
        return studio.rollouts.show(folder, null, asked && { state: asked });
      },
    },
    ofFiles: { preview: (uri, state) => prompt.showState(uri, state) },
  });
  const hasRuns = () => void vscode.commands.executeCommand('setContext', contextKeys.hasRuns, store.runs().length > 0);
  context.subscriptions.push(
    log,
    store,
    studio.runs,
    language,
    caseNumbers,
    vscode.workspace.registerTextDocumentContentProvider(rolloutScheme, new RolloutTexts(store)),
    tests,
    step,
    vscode.window.registerUriHandler(links),
    showProgress(store),
    announceEnds(store, once, log),
    alerts,
    vscode.window.registerTreeDataProvider(views.models, models),
    vscode.window.registerTreeDataProvider(views.devices, devices),
    offerTools(studio),
    store.onDidChange(hasRuns),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void store.refresh()),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('merf')) return;
      void store.refresh();
      runsChanged();
    }),
  );

  const startLanguage = async () => {
    try {
      await language.start();
      caseNumbers.hoverAboveOthers();
      caseNumbers.drawSoon();
      await tests.discoverAll();
    } catch (error) {
      showFailure(log, vscode.l10n.t('The language server did not start'), error);
    }
  };
  context.subscriptions.push(store.onDidChange(runsChanged), store.onDidGrow(runsChanged));

  const noRun = vscode.l10n.t('There is no run yet. Open a .merf file and choose “MeRF: Train”.');
  const shown = async (given: unknown, show: (folder: string) => Promise<void>) => {
    const run = await chooseRun(studio, given, () => true, noRun);
    if (run) await show(run.folder);
  };
  const openPlace = ({ folder, step, rule, case: fired, set: kind, filter }: RolloutsPlace) => {
    const only = rule === undefined || fired === undefined ? {} : { fired: { rule, case: fired } };
    return shown(folder, () =>
      studio.rollouts.show(folder, { kind, step }, { ...only, ...filteredBy(folder, filter) }),
    );
  };
  const handlers: Record<CommandId, (given?: unknown, selected?: unknown) => unknown> = {
    [commands.train]: (given) => train(studio, given instanceof vscode.Uri ? { file: given.fsPath } : given),
    [commands.stop]: (given) => stop(studio, given),
    [commands.resume]: (given) => resume(studio, given),
    [commands.pause]: (given) => pauseRun(studio, 'pause', given),
    [commands.continueRun]: (given) => pauseRun(studio, 'continue', given),
    [commands.openCurves]: (given, how) => {
      const place = FromList.safeParse(how).data ?? {};
      return shown(given, (folder) =>
        studio.curves.show(folder, null, { viewColumn: vscode.ViewColumn.Active, ...place }),
      );
    },
    [commands.openRollouts]: (given) => {
      const place = RolloutsPlace.safeParse(given);
      if (!place.success) return shown(given, (folder) => studio.rollouts.show(folder, null));
      return openPlace(place.data);
    },
    [commands.openCaseRollouts]: (given) => {
      const place = caseMeant(caseNumbers, given);
      return place && openPlace(RolloutsPlace.parse(place));
    },
    [commands.peekRollouts]: (given) => peekRollouts(store, caseNumbers, given),
    [commands.openReport]: (given) => report.show(given),
    [commands.showPrompt]: (given) => prompt.show(given),
    [commands.showLog]: (given) => showLog(studio, given),
    [commands.revealRun]: (given) => revealRun(studio, given),
    [commands.deleteRun]: (given) => deleteRun(studio, given),
    [commands.copyRunId]: (given) => copyRunId(studio, given),
    [commands.exportRun]: (given) => exportRun(studio, given),
    [commands.refreshRuns]: () => store.refresh(),
    [commands.newFile]: () => newFile(context),
    [commands.openWalkthrough]: () => openWalkthrough(context),
    [commands.showAlertsAgain]: () => alerts.forgetSilenced(),
    [commands.refreshModels]: () => models.refresh(),
    [commands.useModel]: (given) => useModelInFile(models, given),
    [commands.revealModel]: (given) => revealModel(models, given),
    [commands.deleteModel]: (given) => deleteModel(studio, models, given),
    [commands.downloadModel]: () => downloadModel(studio, models),
    [commands.refreshDevices]: () => devices.refresh(),
    [commands.showRemedy]: (given) => showRemedy(given),
    [commands.restartLanguageServer]: startLanguage,
    [commands.runExample]: (given) => tests.runExample(given),
    [commands.probe]: (given) => probe.run(given),
    [commands.addExample]: (given) => addExample(studio, given),
    [commands.setJudgeKey]: () => studio.keys.set(),
    [commands.setHubToken]: () => studio.keys.setHubToken(),
    [commands.compareRuns]: (given, selected) => compare.choose(runFolders(selected ?? given)),
    [commands.openRun]: (given) => openRun(studio, given),
    [commands.copyLink]: (given) => {
      const panels = [studio.curves, studio.rollouts, compare, prompt, report];
      if (given === undefined && panels.some((panel) => panel.askForLink())) return;
      return shown(given, (folder) => copyLink(context, store, 'curves', folder, { folder }));
    },
  };
  for (const [id, handler] of Object.entries(handlers)) {
    context.subscriptions.push(vscode.commands.registerCommand(id, handler));
  }

  await studio.keys.load();
  await store.refresh();
  hasRuns();
  await startLanguage();
  return {
    runs: () => store.runs(),
    refreshRuns: () => store.refresh(),
    examples: () => tests.names(),
    openLink: (uri) => links.handleUri(uri),
    onDidRunExamples: tests.onDidRun,
    caseNumbers: (uri) => caseNumbers.of(uri),
    onDidAnnounceAlert: alerts.onDidAnnounce,
  };
}
