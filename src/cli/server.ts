// dist/server.mjs: the language server alone, a smaller program than the whole command.

import { serveLanguage } from './language_server.ts';

serveLanguage();
