/**
 * What a customer pastes. The stub keeps calls with the moment and page they were made on, so that nothing said
 * before the probe arrives is lost. Two tags and no inserted script: the browser's preload scanner sees the
 * second, and a page that enforces Trusted Types needs no policy for it.
 */
export const SNIPPET = `<script>window.frontdesk=window.frontdesk||function(){(frontdesk.q=frontdesk.q||[]).push([Date.now(),location.href,document.title,arguments])}</script>
<script async src="{{HOST}}/js/{{KEY}}.js"></script>`;

/** A call kept by the stub: when, on which URL, under which title, with what. */
export type EarlyCall = [at: number, url: string, title: string, call: ArrayLike<unknown>];
