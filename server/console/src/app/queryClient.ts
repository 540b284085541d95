import { QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "../api/client.ts";
import { keys } from "../api/keys.ts";

/** A declined request is declined the next time too; only silence and a busy server are worth another try. */
function worthRetrying(failures: number, error: Error): boolean {
  const declined = error instanceof Problem && error.status < 500 && error.status !== 429;
  return !declined && failures < 2;
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({
    onError(error) {
      if (error instanceof Problem && error.status === 401) queryClient.setQueryData(keys.session, null);
    },
  }),
  defaultOptions: {
    queries: { retry: worthRetrying, staleTime: 10_000, refetchOnWindowFocus: "always" },
    mutations: { retry: false },
  },
});
