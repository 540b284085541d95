export default function RulesPage(_: { id?: string }) {
  return null;
}
