import { useEffect, useLayoutEffect, useRef, useState } from "react";

/** Within this many pixels of the end, the reader is at the end. */
const AT_END_PX = 80;

/**
 * Keeps a scroller at its end while the reader is there, and leaves them in peace while they read above;
 * `below` then says that something new waits. Their own words always bring them to the end.
 */
export function useStickToEnd(length: number, own: number) {
  const ref = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const ownBefore = useRef(own);
  const [below, setBelow] = useState(false);
  const toEnd = () => {
    const scroller = ref.current;
    if (scroller === null) return;
    scroller.scrollTop = scroller.scrollHeight;
    atEnd.current = true;
    setBelow(false);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when something was added, not when functions change.
  useLayoutEffect(() => {
    const wrote = own > ownBefore.current;
    ownBefore.current = own;
    if (atEnd.current || wrote) toEnd();
    else setBelow(true);
  }, [length, own]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scroller appears with the first parts.
  useEffect(() => {
    const scroller = ref.current;
    if (scroller === null) return;
    const watch = () => {
      atEnd.current = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
      if (atEnd.current) setBelow(false);
    };
    const resized = new ResizeObserver(() => {
      if (atEnd.current) scroller.scrollTop = scroller.scrollHeight;
    });
    scroller.addEventListener("scroll", watch, { passive: true });
    resized.observe(scroller);
    for (const child of scroller.children) resized.observe(child);
    return () => {
      scroller.removeEventListener("scroll", watch);
      resized.disconnect();
    };
  }, [length > 0]);
  return { ref, below, toEnd };
}
