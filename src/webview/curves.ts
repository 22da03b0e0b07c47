// The curves panel: the curves view in a VS Code webview, fed by the extension host.

import 'uplot/dist/uPlot.min.css';
import './theme.css';
import './curves.css';
import { type DrawnRun, withCurves, withLines } from './curves/run_curves.ts';
import { type CurvesView, curvesView } from './curves/view.ts';
import { element } from './element.ts';
import { connect } from './host.ts';
import { CurvesState, type FromCurves, ToCurves } from './messages.ts';
import { textOf } from './text.ts';

const host = connect<ToCurves, FromCurves, CurvesState>(ToCurves, CurvesState);
const main = element('main');
document.body.append(main);
let runs: DrawnRun[] = [];
let view: CurvesView | null = null;

host.receive((message) => {
  if (message.kind === 'error') {
    main.querySelector('.failure')?.remove();
    main.prepend(element('p', { class: 'failure', role: 'alert' }, message.text));
    return;
  }
  if (message.kind === 'step') return view?.showStep(message.at);
  if (message.kind === 'giveLink') {
    const state = host.state();
    if (state) host.send({ kind: 'copyLink', state });
    return;
  }
  if (message.kind === 'runs') {
    runs = message.runs.map((run) => {
      const sent = message.curves?.find(({ folder }) => folder === run.folder);
      return sent ? withCurves(run, sent) : run;
    });
    const text = textOf(message.language);
    document.documentElement.lang = message.language;
    if (runs.length === 0) {
      main.replaceChildren(
        element('div', { class: 'notice' }, element('h1', {}, text.noRuns), element('span', {}, text.noRunsHint)),
      );
      view = null;
      return;
    }
    if (!view) {
      const kept = host.state();
      const folder = runs[0]?.folder ?? '';
      const state = message.state ?? CurvesState.parse({ ...kept, folder: kept?.folder ?? folder });
      host.keep(state);
      view = curvesView(state, text, {
        open: (run, set, filter) => host.send({ kind: 'openRollouts', folder: run, set, filter }),
        action: (run, action) => host.send({ kind: 'action', folder: run, action }),
        save: (name, encoding, data) => host.send({ kind: 'save', name, encoding, data }),
        keep: (state) => host.keep(state),
        step: (at) => host.send({ kind: 'step', at }),
        copyLink: (state) => host.send({ kind: 'copyLink', state }),
        series: (folder, names, range, smoothing) => host.send({ kind: 'series', folder, names, range, smoothing }),
        table: (name, folders) => host.send({ kind: 'table', name, folders }),
      });
      main.replaceChildren(
        element('h1', {}, message.experiment),
        element('h2', { class: 'hidden-text' }, text.curves),
        view.element,
      );
    } else if (message.state) view.restore(message.state);
    view.show(runs);
    return;
  }
  const changed = (run: DrawnRun) => (message.kind === 'series' ? withCurves(run, message) : withLines(run, message));
  runs = runs.map((run) => (run.folder === message.folder ? changed(run) : run));
  if (message.kind === 'series') view?.answered(runs);
  else view?.grow(runs);
});

host.send({ kind: 'ready' });
