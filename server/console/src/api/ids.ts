/** A key under which a message is sent once, however often it is tried. Works on plain http too, where `randomUUID` is absent. */
export function clientId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `cli_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
