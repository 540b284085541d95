/** The page an event happened on, as `context.page` of the Segment spec. */
export interface Page {
  url: string;
  path: string;
  title: string;
  referrer: string;
  search: string;
}

/** When and where the host said something; until we may act, that is worth keeping. */
export interface Moment {
  page: Page;
  at: number;
}

/** Longest text we take from the host's page. */
const LIMIT = 2000;

/** Describes a page; without arguments the one shown now. */
export function pageOf(referrer = document.referrer, url = location.href, title = document.title): Page {
  const { pathname: path, search } = new URL(url);
  const page: Page = { url, path, title, referrer, search };
  for (const name in page) page[name as keyof Page] = page[name as keyof Page].slice(0, LIMIT);
  return page;
}

export function momentOf(page = pageOf(), at = Date.now()): Moment {
  return { page, at };
}
