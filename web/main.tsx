import { render } from 'preact';
import { App } from './state/app.ts';
import { Page } from './views/page.tsx';

const app = new App();
const root = document.getElementById('page');
if (root !== null) render(<Page app={app} />, root);
void app.start();
