import { Bell } from "../brand/Bell.tsx";

/** While it is not yet known who is here. */
export function Splash() {
  return (
    <div style={{ height: "100%", display: "grid", placeItems: "center", opacity: 0.5 }} aria-busy="true">
      <Bell size={36} />
    </div>
  );
}
