// Sends the calls that come on standard input with the unmodified @segment/analytics-node: {host, key, calls}.
import { text } from "node:stream/consumers";
import { Analytics } from "@segment/analytics-node";

const { host, key, calls } = JSON.parse(await text(process.stdin));
const analytics = new Analytics({ host, writeKey: key, maxEventsInBatch: 50, flushInterval: 200 });
analytics.on("error", (error) => {
  process.exitCode = 1;
  process.stderr.write(`${error.code}: ${error.reason}\n`);
});
for (const { kind, ...said } of calls) {
  analytics[kind]({ ...said, timestamp: new Date(said.timestamp) });
}
await analytics.closeAndFlush();
