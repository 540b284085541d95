/** What the server declined, in its own words (RFC 9457). `code` is stable, `field` names the input it is about. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly field: string | null = null,
  ) {
    super(detail);
  }
}

/** No answer came: the request may or may not have arrived, so only what is idempotent is sent again. */
export class Unreachable extends Error {}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

async function answered(method: Method, path: string, body: unknown): Promise<Response> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers,
      credentials: "same-origin",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    throw new Unreachable("The server did not answer.", { cause: error });
  }
}

async function problem(response: Response): Promise<Problem> {
  const said = await response.json().catch(() => ({}));
  const code = typeof said.code === "string" ? said.code : `http_${response.status}`;
  return new Problem(
    response.status,
    code,
    said.detail ?? said.title ?? response.statusText,
    said.field ?? null,
  );
}

/** One call of `/api/v1`. Throws `Problem` when declined, `Unreachable` when there was no answer. */
export async function call<T>(method: Method, path: string, body?: unknown): Promise<T> {
  const response = await answered(method, path, body);
  if (!response.ok) throw await problem(response);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** `?a=1&b=2` of what is set. */
export function query(parameters: Record<string, string | number | boolean | null | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters))
    if (value !== null && value !== undefined && value !== "") search.set(name, String(value));
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}
