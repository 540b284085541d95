import type { PartScript } from "../desk";

interface Policy {
  createScriptURL(url: string): string;
}
interface PolicyFactory {
  createPolicy(name: string, rules: Policy): Policy;
}

let policy: Policy | undefined;

/**
 * Runs a built file of `host` and resolves with what it offers, undefined if it did not arrive. On pages that enforce
 * Trusted Types the site allows a policy named "frontdesk", which nobody but this function can reach.
 */
export function load<T>(host: string, path: string): Promise<T> {
  const { trustedTypes } = window as { trustedTypes?: PolicyFactory };
  const rules: Policy = { createScriptURL: (url) => url };
  policy ??= trustedTypes ? trustedTypes.createPolicy("frontdesk", rules) : rules;
  const script = document.createElement("script") as PartScript;
  script.src = policy.createScriptURL(host + path);
  document.head.append(script);
  return new Promise((resolve) => {
    script.onload = script.onerror = () => {
      script.remove();
      resolve(script.offered as T);
    };
  });
}
