import { Trans } from "@lingui/react/macro";
import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { Empty, Failed } from "../ui/states.tsx";

interface Props {
  children: ReactNode;
}

/** The last net: a fault of ours is admitted, with a way on. */
export class Broken extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return (
      <main style={{ height: "100%", display: "grid", placeItems: "center" }}>
        <Empty
          title={<Trans>This page broke</Trans>}
          action={
            <Button onClick={() => location.reload()}>
              <Trans>Load it again</Trans>
            </Button>
          }
        >
          <Trans>The fault is ours. Conversations and drafts are safe.</Trans>
        </Empty>
      </main>
    );
  }
}

/** The net around one page, so that the rail stays usable. */
export class BrokenPage extends Component<Props, { error: unknown }> {
  override state = { error: null };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  override render() {
    if (this.state.error === null) return this.props.children;
    return <Failed error={this.state.error} again={() => this.setState({ error: null })} />;
  }
}
