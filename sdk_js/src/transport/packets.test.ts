import { decodePacket, encodePacket } from "engine.io-parser";
import { Decoder, Encoder, type Packet as OfficialPacket, PacketType } from "socket.io-parser";
import { describe, expect, test } from "vitest";
import { connectPacket, eventPacket, PONG, readPacket } from "./packets";

const NAMESPACE = "/messenger";

/** A frame as the official server writes it. */
function officially(packet: OfficialPacket): string {
  let frame = "";
  const [data] = new Encoder().encode(packet);
  encodePacket({ type: "message", data }, false, (text) => {
    frame = String(text);
  });
  return frame;
}

/** A frame of ours as the official server reads it. */
function readOfficially(frame: string): OfficialPacket {
  const { type, data } = decodePacket(frame);
  expect(type).toBe("message");
  let read: OfficialPacket | undefined;
  const decoder = new Decoder();
  decoder.on("decoded", (packet: OfficialPacket) => {
    read = packet;
  });
  decoder.add(data);
  if (!read) throw new Error("the official parser found no packet");
  return read;
}

const DETAILS = [
  null,
  7,
  "text",
  ["a", 1],
  { conversation: "cnv_1", body: '"quoted", [with] {signs} 和中文 🙂' },
];

describe("what we write, the official parser reads", () => {
  test("joining with a token", () => {
    expect(readOfficially(connectPacket(NAMESPACE, { token: "vt_1" }))).toMatchObject({
      type: PacketType.CONNECT,
      nsp: NAMESPACE,
      data: { token: "vt_1" },
    });
  });

  test.each(DETAILS)("an event with %j", (detail) => {
    expect(readOfficially(eventPacket(NAMESPACE, "typing", detail))).toMatchObject({
      type: PacketType.EVENT,
      nsp: NAMESPACE,
      data: ["typing", detail],
    });
  });

  test("the answer to a ping", () => {
    expect(decodePacket(PONG)).toEqual({ type: "pong" });
  });
});

describe("what the official server writes, we read", () => {
  const event = (nsp: string, data: unknown[], id?: number): string =>
    officially({ type: PacketType.EVENT, nsp, data, id });

  test("the opening, with how long silence may last", () => {
    const opening = JSON.stringify({ sid: "x", upgrades: [], pingInterval: 25_000, pingTimeout: 20_000 });
    expect(readPacket(NAMESPACE, `0${opening}`)).toEqual({ kind: "open", silence_ms: 45_000 });
  });

  test.each(DETAILS)("an event with %j", (detail) => {
    expect(readPacket(NAMESPACE, event(NAMESPACE, ["part", detail]))).toEqual({
      kind: "event",
      name: "part",
      detail,
    });
  });

  test("an event that asks to be acknowledged", () => {
    expect(readPacket(NAMESPACE, event(NAMESPACE, ["part", 1], 12))).toEqual({
      kind: "event",
      name: "part",
      detail: 1,
    });
  });

  test.each([
    ["joined", PacketType.CONNECT, { sid: "y" }, "connected"],
    ["put out", PacketType.DISCONNECT, undefined, "closed"],
    ["refused", PacketType.CONNECT_ERROR, { message: "unknown_token" }, "refused"],
  ])("%s", (_, type, data, kind) => {
    expect(readPacket(NAMESPACE, officially({ type, nsp: NAMESPACE, data }))).toEqual({ kind });
  });

  test("what is meant for another namespace is not ours", () => {
    expect(readPacket(NAMESPACE, event("/console", ["part", 1]))).toBeNull();
    expect(readPacket(NAMESPACE, officially({ type: PacketType.CONNECT, nsp: "/", data: {} }))).toBeNull();
  });

  test.each([
    ["2", { kind: "ping" }],
    ["1", { kind: "closed" }],
    ["6", null],
  ])("the frame %s", (frame, packet) => {
    expect(readPacket(NAMESPACE, frame)).toEqual(packet);
  });
});
