export default function SettingsPage(_: { id?: string }) {
  return null;
}
