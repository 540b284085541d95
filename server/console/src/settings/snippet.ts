/** The one line for a page. The probe comes with the settings of its site in front. */
export function snippet(origin: string, siteKey: string): string {
  return `<script async src="${origin}/js/${encodeURIComponent(siteKey)}.js"></script>`;
}
