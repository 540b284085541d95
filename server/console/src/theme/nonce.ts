/** The nonce of this page's policy, under which Mantine and its scroll lock may add their style elements. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
}
