import { lingui, linguiTransformerBabelPreset } from "@lingui/vite-plugin";
import babel from "@rolldown/plugin-babel";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where `npm run dev` finds a running `frontdesk serve`. */
const SERVER = process.env.FRONTDESK_URL ?? "http://127.0.0.1:8000";

export default defineConfig({
  base: "/console/",
  plugins: [
    react(),
    lingui({ failOnCompileError: true }),
    babel({ presets: [linguiTransformerBabelPreset()] }),
  ],
  build: {
    outDir: "../frontdesk/static/console",
    emptyOutDir: true,
    manifest: true,
    // Native light-dark() and nesting: the console is for teammates, who have a browser of the last two years.
    cssTarget: ["chrome123", "firefox120", "safari17.5"],
    target: ["chrome111", "firefox114", "safari16.4"],
    // The page's policy allows images from data: but not scripts or styles, so nothing is inlined at all.
    assetsInlineLimit: 0,
    // Few files for the first screen: what others wrote changes seldom and stays cached, ours comes in one piece.
    // Dialogues and form fields are left to the pages that have them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: "vendor", test: /node_modules\/(?!@mantine\/core\/esm\/components\/(Modal|\w*Input)\/)/ },
            { name: "shared", test: /src\/(api|live|ui|words|brand|theme)\// },
          ],
        },
      },
    },
    reportCompressedSize: false,
  },
  server: { proxy: { "/api": SERVER, "/socket.io": { target: SERVER, ws: true } } },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"] },
});
