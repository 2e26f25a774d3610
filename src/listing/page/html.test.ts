import assert from 'node:assert/strict';
import { test } from 'node:test';
import { html } from './html.ts';

test('LIST-84 T39 what is put into a template is escaped', () => {
  const text = `</p><script>alert("it's")</script>&lt;`;
  assert.equal(
    html`<p title="${text}">${text}</p>`.text,
    '<p title="&lt;/p&gt;&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;&amp;lt;">' +
      '&lt;/p&gt;&lt;script&gt;alert(&quot;it&#39;s&quot;)&lt;/script&gt;&amp;lt;</p>',
  );
});

test('LIST-84 HTML is put into a template as it is', () => {
  const items = ['<', '>'].map((text) => html`<li>${text}</li>`);
  assert.equal(html`<ul>${items}</ul>${html`<hr>`}${3}`.text, '<ul><li>&lt;</li><li>&gt;</li></ul><hr>3');
});
