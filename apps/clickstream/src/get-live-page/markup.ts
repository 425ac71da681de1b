const tile = (id: string, name: string, note = '', line = true): string => `<div class="tile"><dt>${name}</dt><dd id="${id}">–</dd>
<dd class="note"${note}</dd>${line ? `<dd aria-hidden="true"><svg viewBox="0 0 200 40" preserveAspectRatio="none"><path data-line="${id}" vector-effect="non-scaling-stroke"/></svg></dd>` : ''}</div>`;

/** The body of the page. Ids of elements are the names of texts in to-texts.ts. */
export const body = `<header>
<p class="brand">Larder <b>Live</b></p>
<p id="state" role="status" aria-live="polite">Asking …</p>
</header>
<main>
<h1>What happens in the shop</h1>
<p class="note">The last five minutes and this one. <span id="freshness"></span></p>
<dl class="tiles">
${tile('visitors', 'Visitors', '>sessions, within 1 %')}
${tile('events', 'Events', ' id="again">')}
${tile('revenue', 'Revenue', '>of confirmed orders')}
${tile('conversion', 'Conversion', '>confirmed, of those who viewed', false)}
${tile('p50', 'Half are confirmed within', '>p50', false)}
${tile('p95', 'Nearly all within', '>p95', false)}
</dl>
<div class="lists">
<section aria-labelledby="funnel-title"><h2 id="funnel-title">From a look to an order</h2><ol id="funnel" class="bars"></ol></section>
<section aria-labelledby="products-title"><h2 id="products-title">Most viewed</h2><ol id="products" class="bars"></ol></section>
<section aria-labelledby="alerts-title"><h2 id="alerts-title">What rules found in the last hour</h2><ol id="alerts" class="bars"></ol></section>
</div>
<p id="summary" class="unseen" aria-live="polite"></p>
<noscript><p>The numbers move by script. As JSON they are at <a href="live">live</a>.</p></noscript>
</main>`;
