// What a panel and the extension host say to each other: one list for both sides, checked where a message arrives.
// A panel says `ready` first; the host then sends what it shows and keeps it current. A hidden panel gets no
// messages, so the host sends everything again when it is shown. No Node, no DOM here.

import { z } from 'zod';
import { EventLine, MetricsLine, RunRecord } from '../run/format.ts';
import { SentCurves } from '../run/metrics/sent_curves.ts';
import { CaseTally } from '../run/rollouts/case_tally.ts';
import { ListedRow, ListItem, ListOrder, ListQuery } from '../run/rollouts/list_query.ts';
import { RolloutSet, RunView, Sample } from '../run/view.ts';
import { PromptAnswer } from '../spec/prompt_view.ts';

export const Language = z.enum(['en', 'ja']);
export type Language = z.infer<typeof Language>;

const error = z.object({ kind: z.literal('error'), text: z.string() });

/** A step of a run: what all panels show together. */
export const RunStep = z.object({ folder: z.string(), step: z.number().int().min(0) });
export type RunStep = z.infer<typeof RunStep>;

/** What survives a reload of the window (webview state): which runs a panel shows. */
export const CurvesState = z.object({
  folder: z.string(),
  hidden: z.array(z.string()).default([]),
  smoothing: z.number().min(0).max(0.99).default(0.6),
  x: z.enum(['step', 'time', 'tokens']).default('step'),
  logX: z.boolean().default(false),
  logY: z.boolean().default(false),
  /** The seeds of an arm: each by itself, or their mean with a band from lowest to highest or of 95 %. */
  seeds: z.enum(['each', 'range', 'interval']).default('range'),
  markers: z.boolean().default(true),
  /** Charts as tables of their figures. */
  table: z.boolean().default(false),
  /** Only the youngest run is drawn, whichever that is. */
  follow: z.boolean().default(false),
  more: z.boolean().default(false),
  filter: z.string().default(''),
  zoom: z.tuple([z.number(), z.number()]).nullable().default(null),
  /** The step that all panels show. */
  step: RunStep.nullable().default(null),
});
export type CurvesState = z.infer<typeof CurvesState>;

/** Host to curves. `runs` replaces what the panel has; `more` adds lines to one run (and its new record). */
export const ToCurves = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('runs'),
    language: Language,
    experiment: z.string(),
    runs: z.array(RunView),
    /** The first charts' curves of large runs; left out: none is large. */
    curves: z.array(SentCurves).optional(),
    /** What a link asks for; left out: the panel's own. */
    state: CurvesState.optional(),
  }),
  z.object({ kind: z.literal('step'), at: RunStep }),
  /** Asks for `copyLink`. */
  z.object({ kind: z.literal('giveLink') }),
  z.object({
    kind: z.literal('more'),
    folder: z.string(),
    record: RunRecord,
    metrics: z.array(MetricsLine),
    events: z.array(EventLine),
  }),
  /** Answers `series`. */
  SentCurves.extend({ kind: z.literal('series') }),
  error,
]);
export type ToCurves = z.infer<typeof ToCurves>;

/** What a run can be asked for from a panel. */
export const RunAction = z.enum(['stop', 'resume', 'rollouts', 'log']);
export type RunAction = z.infer<typeof RunAction>;

/** Curves to host. */
export const FromCurves = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  /** `filter`: only those responses; '': all. */
  z.object({ kind: z.literal('openRollouts'), folder: z.string(), set: RolloutSet, filter: z.string() }),
  z.object({ kind: z.literal('action'), folder: z.string(), action: RunAction }),
  z.object({ kind: z.literal('save'), name: z.string(), encoding: z.enum(['text', 'base64']), data: z.string() }),
  z.object({ kind: z.literal('step'), at: RunStep }),
  z.object({ kind: z.literal('copyLink'), state: CurvesState }),
  /** Metrics that have come into view, perhaps of some steps only: the first and the last; and how they are smoothed. */
  z.object({
    kind: z.literal('series'),
    folder: z.string(),
    names: z.array(z.string()),
    range: z.tuple([z.number(), z.number()]).nullable(),
    smoothing: z.number().min(0).max(0.99),
  }),
  /** All metrics of some runs as a table, which the panel may not have. */
  z.object({ kind: z.literal('table'), name: z.string(), folders: z.array(z.string()) }),
]);
export type FromCurves = z.infer<typeof FromCurves>;

/** A case of a rule, by its place in it. */
export const FiredCase = z.object({ rule: z.string(), case: z.number().int().min(0) });
export type FiredCase = z.infer<typeof FiredCase>;

/** One response of a run: a line of a file of rollouts. */
export const ResponsePlace = z.object({ set: RolloutSet, index: z.number().int().min(0) });
export type ResponsePlace = z.infer<typeof ResponsePlace>;

/** What survives a reload of the window, and what a link carries. */
export const RolloutsState = z.object({
  folder: z.string(),
  set: RolloutSet.nullable().default(null),
  /** Every step of the run is listed, not only the chosen one. */
  whole: z.boolean().default(false),
  filter: z.string().default(''),
  search: z.string().default(''),
  order: ListOrder.default('prompt'),
  colour: z.enum(['none', 'logProbability', 'entropy', 'advantage', 'lift']).default('none'),
  view: z.enum(['text', 'rendered', 'raw']).default('text'),
  reasoning: z.boolean().default(true),
  /** How often each case fired stands over the list; null: where there is room for it. */
  cases: z.boolean().nullable().default(null),
  /** The response that is open. */
  open: ResponsePlace.nullable().default(null),
  /** The one beside which it is held. */
  beside: ResponsePlace.nullable().default(null),
  /** Those that are ticked; a link carries none. */
  ticked: z.array(ResponsePlace.extend({ starred: z.boolean() })).default([]),
});
export type RolloutsState = z.infer<typeof RolloutsState>;

/** How far the index of a run's responses is. */
export const Indexing = z.object({ done: z.number(), all: z.number() });

const inRun = { folder: z.string() };
/** Which listing is meant: the number that the panel gave it. */
const inListing = { ...inRun, listing: z.number() };

/** Host to rollouts. `listing` answers `list`, `items` answers `items`, `sample` answers `sample`, `lift` `lift`. */
export const ToRollouts = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('run'),
    language: Language,
    ...inRun,
    record: RunRecord,
    /** The runs of the same experiment, to change to. */
    siblings: z.array(z.object({ folder: z.string(), label: z.string() })),
    sets: z.array(RolloutSet),
    /** Names of metrics, for filters. */
    metrics: z.array(z.string()),
    /** The set to show; null: the panel's own choice. */
    selected: RolloutSet.nullable(),
    /** Only responses in which this case of a rule fired; left out: as the panel is filtered. */
    fired: FiredCase.optional(),
    /** What a link asks for; left out: the panel's own. */
    state: RolloutsState.optional(),
  }),
  z.object({
    kind: z.literal('listing'),
    ...inListing,
    count: z.number(),
    total: z.number(),
    tallies: z.array(CaseTally),
    length: z.number(),
    /** Where the open response stands in it; null: it is not listed. */
    place: z.number().nullable(),
    /** The lines that are shown first, and where they begin. */
    from: z.number(),
    items: z.array(ListItem),
    /** null: every file has been read. */
    indexing: Indexing.nullable(),
    /** Sentences about files that could not be read. */
    problems: z.array(z.string()),
  }),
  z.object({ kind: z.literal('items'), ...inListing, from: z.number(), items: z.array(ListItem) }),
  /** How far the reading of the run's files is, where that changes no list. */
  z.object({ kind: z.literal('indexing'), ...inRun, indexing: Indexing.nullable() }),
  z.object({
    kind: z.literal('sample'),
    ...inRun,
    ...ResponsePlace.shape,
    /** null: it is not there any more. */
    sample: Sample.nullable(),
    starred: z.boolean(),
    note: z.string(),
    /** The responses to the same prompt at the same step, the sample among them. */
    group: z.array(ListedRow),
    /** Responses to the same row at other steps, the nearest steps' best. */
    others: z.array(ListedRow),
  }),
  z.object({
    kind: z.literal('lift'),
    ...inRun,
    ...ResponsePlace.shape,
    /** By token; null: it could not be computed, and `words` says why. */
    lift: z.array(z.number()).nullable(),
    words: z.string(),
  }),
  /** Stars and notes have changed, here or in another window. */
  z.object({ kind: z.literal('noted'), ...inRun }),
  /** Asks for `copyLink`. */
  z.object({ kind: z.literal('giveLink') }),
  error,
]);
export type ToRollouts = z.infer<typeof ToRollouts>;

/** Rollouts to host. */
export const FromRollouts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('list'), ...inListing, query: ListQuery, open: ResponsePlace.nullable() }),
  z.object({ kind: z.literal('items'), ...inListing, from: z.number().int().min(0), to: z.number().int().min(0) }),
  z.object({ kind: z.literal('sample'), ...inRun, ...ResponsePlace.shape }),
  z.object({ kind: z.literal('lift'), ...inRun, ...ResponsePlace.shape }),
  z.object({
    kind: z.literal('note'),
    ...inRun,
    set: RolloutSet,
    prompt_index: z.number(),
    sample: z.number(),
    starred: z.boolean(),
    note: z.string().max(10_000),
  }),
  /** A star for each of these, or none any more; their notes stay. */
  z.object({ kind: z.literal('star'), ...inRun, chosen: z.array(ResponsePlace), starred: z.boolean() }),
  /** `chosen`: some responses; null: all that are listed. */
  z.object({
    kind: z.literal('export'),
    ...inListing,
    format: z.enum(['jsonl', 'parquet']),
    chosen: z.array(ResponsePlace).nullable(),
  }),
  z.object({ kind: z.literal('step'), ...inRun, step: z.number().int().min(0) }),
  z.object({ kind: z.literal('selectRun'), ...inRun, set: RolloutSet.nullable() }),
  z.object({ kind: z.literal('addExample'), ...inRun, ...ResponsePlace.shape }),
  z.object({ kind: z.literal('copy'), text: z.string() }),
  z.object({ kind: z.literal('copyLink'), state: RolloutsState }),
]);
export type FromRollouts = z.infer<typeof FromRollouts>;

/** Which prompt the preview shows, of which text; what survives a reload of the window. */
export const PreviewState = z.object({
  uri: z.string(),
  /** null: the first arm, or the one at the cursor. */
  arm: z.string().nullable().default(null),
  /** The arm to compare with. */
  other: z.string().nullable().default(null),
  split: z.enum(['train', 'test']).default('train'),
  row: z.number().int().min(0).default(0),
  /** It stays with this text and arm, whatever the editor shows. */
  locked: z.boolean().default(false),
});
export type PreviewState = z.infer<typeof PreviewState>;

/** What a report in VS Code keeps over a reload of the window: whose it is. */
export const ReportState = z.object({ experiment: z.string() });

/** Host to preview. `nothing`: no .merf file is open. */
export const ToPreview = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('answer'),
    language: Language,
    file: z.string(),
    state: PreviewState,
    answer: PromptAnswer,
  }),
  z.object({ kind: z.literal('nothing'), language: Language }),
  error,
]);
export type ToPreview = z.infer<typeof ToPreview>;

/** Preview to host. `choose` asks for another prompt of the same text; `reveal` shows a line of it in the editor. */
export const FromPreview = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('choose'), state: PreviewState.omit({ uri: true }) }),
  z.object({ kind: z.literal('reveal'), line: z.number().int().min(0) }),
  z.object({ kind: z.literal('copy'), text: z.string() }),
  z.object({ kind: z.literal('copyLink') }),
]);
export type FromPreview = z.infer<typeof FromPreview>;
