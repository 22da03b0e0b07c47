// The rollouts panel: the rollouts view in a VS Code webview, fed by the extension host.

import './theme.css';
import './rollouts.css';
import { element } from './element.ts';
import { connect } from './host.ts';
import { type FromRollouts, RolloutsState, ToRollouts } from './messages.ts';
import { type RolloutsView, rolloutsView } from './rollouts/view.ts';
import { textOf } from './text.ts';

const host = connect<ToRollouts, FromRollouts, RolloutsState>(ToRollouts, RolloutsState);
const main = element('main');
document.body.append(main);
let view: RolloutsView | null = null;

host.receive((message) => {
  switch (message.kind) {
    case 'error':
      main.querySelector('.failure')?.remove();
      main.prepend(element('p', { class: 'failure', role: 'alert' }, message.text));
      return;
    case 'run':
      document.documentElement.lang = message.language;
      if (!view) {
        const kept = host.state();
        view = rolloutsView(RolloutsState.parse({ ...kept, folder: message.folder }), textOf(message.language), {
          load: (folder, set) => host.send({ kind: 'load', folder, set }),
          loadTokens: (folder, set, indexes) => host.send({ kind: 'loadTokens', folder, set, indexes }),
          selectRun: (folder, set) => host.send({ kind: 'selectRun', folder, set }),
          copy: (text) => host.send({ kind: 'copy', text }),
          addExample: (folder, set, index) => host.send({ kind: 'addExample', folder, set, index }),
          keep: (state) => host.keep(state),
        });
        main.append(view.element);
      }
      view.showRun(message, message.selected, message.fired);
      return;
    case 'samples':
      view?.showSamples(message.folder, message.set, message.samples);
      return;
    case 'tokens':
      view?.showTokens(message.folder, message.set, message.tokens);
  }
});

host.send({ kind: 'ready' });
