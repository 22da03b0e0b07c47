// Every name that package.json and the code share: commands, views, panels, settings, context keys. Typed here once;
// a test holds package.json against these lists.

export const commands = {
  train: 'merf.train',
  stop: 'merf.stop',
  pause: 'merf.pause',
  continueRun: 'merf.continueRun',
  resume: 'merf.resume',
  openCurves: 'merf.openCurves',
  openRollouts: 'merf.openRollouts',
  peekRollouts: 'merf.peekRollouts',
  openCaseRollouts: 'merf.openCaseRollouts',
  openReport: 'merf.openReport',
  showPrompt: 'merf.showPrompt',
  showLog: 'merf.showLog',
  revealRun: 'merf.revealRun',
  deleteRun: 'merf.deleteRun',
  copyRunId: 'merf.copyRunId',
  exportRun: 'merf.exportRun',
  refreshRuns: 'merf.refreshRuns',
  newFile: 'merf.newFile',
  openWalkthrough: 'merf.openWalkthrough',
  showAlertsAgain: 'merf.showAlertsAgain',
  refreshModels: 'merf.refreshModels',
  useModel: 'merf.useModel',
  revealModel: 'merf.revealModel',
  deleteModel: 'merf.deleteModel',
  downloadModel: 'merf.downloadModel',
  refreshDevices: 'merf.refreshDevices',
  showRemedy: 'merf.showRemedy',
  restartLanguageServer: 'merf.restartLanguageServer',
  runExample: 'merf.runExample',
  probe: 'merf.probe',
  addExample: 'merf.addExample',
  setJudgeKey: 'merf.setJudgeKey',
  setHubToken: 'merf.setHubToken',
  copyLink: 'merf.copyLink',
  openRun: 'merf.openRun',
  compareRuns: 'merf.compareRuns',
} as const;
export type CommandId = (typeof commands)[keyof typeof commands];

export const views = { runs: 'merf.runs', models: 'merf.models', devices: 'merf.devices' } as const;
export const panels = {
  curves: 'merf.curves',
  rollouts: 'merf.rollouts',
  compare: 'merf.compare',
  preview: 'merf.preview',
  report: 'merf.report',
} as const;
export const contextKeys = { hasRuns: 'merf.hasRuns' } as const;
export const languageId = 'merf';

/** Settings by their full names. */
export const settings = {
  showNumbers: 'merf.editor.showNumbers',
  agentTools: 'merf.agents.tools',
  threads: 'merf.threads',
  runsFolder: 'merf.runsFolder',
  nodePath: 'merf.nodePath',
} as const;

/** Tools for VS Code's agents, by their names. */
export const agentTools = {
  check: 'merf_check_specification',
  runs: 'merf_list_runs',
  metrics: 'merf_read_metrics',
  rollouts: 'merf_read_rollouts',
} as const;

/** What a model's tree item is for menus. */
export const modelContexts = {
  bundled: 'merf.model.bundled',
  cached: 'merf.model.cached',
  trained: 'merf.model.trained',
} as const;

/** What a run's tree item is for menus: `when: viewItem == merf.run.active`. */
export const runContexts = {
  active: 'merf.run.active',
  paused: 'merf.run.paused',
  resumable: 'merf.run.resumable',
  ended: 'merf.run.ended',
} as const;

/** Arguments of `merf.train` for tests and keybindings; what is given is not asked for. */
export interface TrainArguments {
  /** A file path, or its URI; without either the active editor's file. */
  file?: string;
  uri?: string;
  arm?: string;
  seed?: number;
  steps?: number;
  model?: string;
}
