// The compare panel: two or more runs side by side, what was set, what came of it, and what they wrote.

import './theme.css';
import './compare.css';
import { grown, type RolloutSet, type RunView } from '../run/view.ts';
import { type CompareView, compareView } from './compare/view.ts';
import { element } from './element.ts';
import { connect } from './host.ts';
import { CompareState, type FromCompare, ToCompare } from './messages_compare.ts';
import { textOf } from './text.ts';

const host = connect<ToCompare, FromCompare, CompareState>(ToCompare, CompareState);
const main = element('main');
document.body.append(main);
let view: CompareView | null = null;
let runs: RunView[] = [];
let sets: RolloutSet[][] = [];

host.receive((message) => {
  switch (message.kind) {
    case 'error':
      main.querySelector('.failure')?.remove();
      main.prepend(element('p', { class: 'failure', role: 'alert' }, message.text));
      return;
    case 'runs': {
      document.documentElement.lang = message.language;
      ({ runs, sets } = message);
      const folders = runs.map((run) => run.folder);
      const kept = message.state ?? host.state();
      const state = CompareState.parse({ ...kept, folder: folders[0] ?? '', folders });
      host.keep(state);
      view = compareView(state, runs, sets, textOf(message.language), {
        load: (columns, set, row) => host.send({ kind: 'load', folders: columns, set, row }),
        openRollouts: (folder, set) => host.send({ kind: 'openRollouts', folder, set }),
        openCurves: (folder) => host.send({ kind: 'openCurves', folder }),
        copyLink: (now) => host.send({ kind: 'copyLink', state: now }),
        keep: (now) => host.keep(now),
        step: (at) => host.send({ kind: 'step', at }),
      });
      main.replaceChildren(view.element);
      return;
    }
    case 'more': {
      const at = runs.findIndex((run) => run.folder === message.folder);
      runs = runs.map((run, index) => (index === at ? grown(run, message) : run));
      sets = sets.map((own, index) => (index === at ? message.sets : own));
      return view?.update(runs, sets);
    }
    case 'rollouts':
      return view?.showRollouts(message);
    case 'step':
      return view?.goToStep(message.step);
    case 'giveLink': {
      const state = host.state();
      if (state) host.send({ kind: 'copyLink', state });
    }
  }
});

host.send({ kind: 'ready' });
