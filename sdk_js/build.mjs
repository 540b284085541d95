import { createHash } from "node:crypto";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const SOURCE = new URL("src/", import.meta.url);
const SERVED = new URL("../server/frontdesk/static/sdk/", import.meta.url);
const PACKAGED = new URL("dist/", import.meta.url);

/** Each becomes one self-contained script; the name is the server's name for it. */
const SCRIPTS = {
  probe: "probe/entry.ts",
  launcher: "launcher/entry.ts",
  messenger: "messenger/entry.tsx",
  zh: "locales/zh.entry.ts",
};

/** Bundles one entry and returns its text. */
async function bundle(entry, format) {
  const [{ output }] = await build({
    configFile: false,
    logLevel: "warn",
    oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
    build: {
      write: false,
      target: "es2022",
      // The first with `light-dark()`; older ones show the light colours.
      cssTarget: ["chrome123", "safari17.5", "firefox120"],
      minify: "oxc",
      lib: { entry: fileURLToPath(new URL(entry, SOURCE)), formats: [format], name: "frontdesk_file" },
    },
  });
  return output[0].code;
}

/** Writes a script under a name that changes with its content, so that it can be cached for ever. */
async function writeHashed(name, code) {
  const hash = createHash("sha256").update(code).digest("hex").slice(0, 10);
  const file = `${name}-${hash}.js`;
  await writeFile(new URL(file, SERVED), code);
  return file;
}

await mkdir(SERVED, { recursive: true });
await mkdir(PACKAGED, { recursive: true });
const manifest = {};
for (const [name, entry] of Object.entries(SCRIPTS))
  manifest[name] = await writeHashed(name, await bundle(entry, "iife"));
const { SNIPPET } = await import(new URL("snippet.ts", SOURCE));
manifest.snippet = SNIPPET;
await writeFile(new URL("manifest.json", SERVED), `${JSON.stringify(manifest, null, 2)}\n`);
// Last, so that a server that runs meanwhile always finds what its manifest names.
const current = new Set([...Object.values(manifest), "manifest.json"]);
for (const file of await readdir(SERVED)) if (!current.has(file)) await rm(new URL(file, SERVED));
await writeFile(new URL("index.js", PACKAGED), await bundle("index.ts", "es"));
