import "./theme/fonts.css";
import "./theme/mantine.css";
import "./theme/tokens.css";
import "./theme/global.css";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { styleNonce } from "./theme/nonce.ts";
import { preferredLanguage, speak } from "./words/language.ts";

setNonce(styleNonce());
await speak(preferredLanguage());
const root = document.getElementById("root");
if (root !== null) createRoot(root).render(<App />);
