import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { styleNonce } from "../theme/nonce.ts";
import { resolver, theme } from "../theme/theme.ts";
import { Broken } from "./Broken.tsx";
import { queryClient } from "./queryClient.ts";
import { Routes } from "./Routes.tsx";

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <MantineProvider
        theme={theme}
        cssVariablesResolver={resolver}
        defaultColorScheme="auto"
        getStyleNonce={styleNonce}
      >
        <Broken>
          <QueryClientProvider client={queryClient}>
            <Routes />
          </QueryClientProvider>
        </Broken>
      </MantineProvider>
    </I18nProvider>
  );
}
