/** The size gate: brotli bytes of every built browser file against its budget. `--json` for scripts. */
import { existsSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const SDK = new URL("../server/frontdesk/static/sdk/", import.meta.url);
const CONSOLE = new URL("../server/frontdesk/static/console/", import.meta.url);

/** Bytes; what people load today is several times as much. */
const BUDGETS = {
  snippet: 350,
  probe: 4_500,
  launcher: 3_000,
  messenger: 20_000,
  zh: 2_000,
  "page with tracking": 8_000,
  "usable chat": 30_000,
  "console, first route": 190_000,
};

function brotli(content) {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

function readManifest(url) {
  return existsSync(url) ? JSON.parse(readFileSync(url, "utf8")) : null;
}

/** Files of the SDK by name, and what a visitor loads in all. */
function sdkSizes() {
  const manifest = readManifest(new URL("manifest.json", SDK));
  if (!manifest) throw new Error("Nothing is built yet: run `npm run build -w sdk_js` first.");
  const { snippet, ...files } = manifest;
  const sizes = { snippet: brotli(snippet) };
  for (const [name, file] of Object.entries(files)) sizes[name] = brotli(readFileSync(new URL(file, SDK)));
  const tracking = sizes.snippet + sizes.probe + sizes.launcher;
  return { ...sizes, "page with tracking": tracking, "usable chat": tracking + sizes.messenger + sizes.zh };
}

/** The console's entry with everything it imports at once; null if the console is not built. */
function consoleSize() {
  const manifest = readManifest(new URL(".vite/manifest.json", CONSOLE));
  if (!manifest) return null;
  const files = new Set();
  const walk = (key) => {
    const { file, css = [], imports = [] } = manifest[key];
    if (files.has(file)) return;
    for (const one of [file, ...css]) files.add(one);
    imports.forEach(walk);
  };
  for (const [key, { isEntry }] of Object.entries(manifest)) if (isEntry) walk(key);
  return [...files].reduce((sum, file) => sum + brotli(readFileSync(new URL(file, CONSOLE))), 0);
}

const sizes = sdkSizes();
const ofConsole = consoleSize();
if (ofConsole !== null) sizes["console, first route"] = ofConsole;

const rows = Object.entries(sizes).map(([name, bytes]) => {
  const budget = BUDGETS[name] ?? null;
  return { name, bytes, budget, fits: budget !== null && bytes <= budget };
});
if (process.argv.includes("--json")) console.log(JSON.stringify(rows));
else
  for (const { name, bytes, budget, fits } of rows) {
    const figures = [bytes, budget ?? "none"].map((figure) => figure.toLocaleString("en").padStart(9));
    console.log(`${fits ? "  " : "✗ "}${name.padEnd(22)}${figures.join("  of")}`);
  }
const over = rows.filter(({ fits }) => !fits);
if (over.length > 0) {
  console.error(`Over budget or without one: ${over.map(({ name }) => name).join(", ")}.`);
  process.exitCode = 1;
}
