// @vitest-environment node
import { expect, test } from "vitest";
import { init } from "./index";

test("on a server, where there is no page, the verbs do nothing", () => {
  const frontdesk = init("pk_1", { host: "https://desk.example" });
  expect(frontdesk("track", "Anything")).toBeUndefined();
});
