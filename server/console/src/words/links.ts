export interface Piece {
  readonly text: string;
  readonly href: string | null;
  readonly at: number;
}

const ADDRESS = /https?:\/\/[^\s<>"'，。；：！？（）【】《》]+/giu;
const TRAILING = /[.,;:!?)\]]+$/u;

/** Text cut into plain pieces and http(s) addresses; what closes a sentence is not part of an address. */
export function linked(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = match[0].replace(TRAILING, "");
    if (match.index > from) pieces.push({ text: text.slice(from, match.index), href: null, at: from });
    pieces.push({ text: address, href: URL.canParse(address) ? address : null, at: match.index });
    from = match.index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from), href: null, at: from });
  return pieces;
}
