export default function VisitorsPage(_: { id?: string }) {
  return null;
}
