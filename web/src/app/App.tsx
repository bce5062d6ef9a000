import { localStorageColorSchemeManager, MantineProvider } from "@mantine/core";
import { QueryClientProvider, type QueryClient } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import type { AppRouter } from "./router";
import { theme } from "./theme";

const colorScheme = localStorageColorSchemeManager({ key: "transcriber.theme" });

interface AppProps {
  queryClient: QueryClient;
  router: AppRouter;
}

export function App({ queryClient, router }: AppProps) {
  return (
    <MantineProvider
      theme={theme}
      // In tests nothing fades in or out: what is asked for is there.
      env={import.meta.env.MODE === "test" ? "test" : "default"}
      defaultColorScheme="auto"
      colorSchemeManager={colorScheme}
      // Both would write style elements, which the content security policy forbids; the variables
      // come with the stylesheet instead (build/theme-variables.ts), the classes are not used.
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}
