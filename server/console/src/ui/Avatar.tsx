import { Trans } from "@lingui/react/macro";
import { VisuallyHidden } from "@mantine/core";
import type { CSSProperties } from "react";
import { hue, initials } from "../words/names.ts";
import classes from "./Avatar.module.css";

interface AvatarProps {
  name: string;
  size?: number;
  color?: string;
  image?: string | null;
  /** Leave out where presence is not known. */
  online?: boolean;
}

/** A face, or initials in a calm tint. Decorative beside a name; presence is said in words too. */
export function Avatar({ name, size = 32, color, image, online }: AvatarProps) {
  const style = { "--size": `${size}px`, "--tint": color ?? hue(name) } as CSSProperties;
  return (
    <span className={classes.avatar} style={style}>
      <span className={classes.face} aria-hidden="true">
        {image ? <img src={image} alt="" /> : initials(name)}
      </span>
      {online !== undefined && (
        <span className={classes.presence} data-online={online}>
          <VisuallyHidden>{online ? <Trans>online</Trans> : <Trans>offline</Trans>}</VisuallyHidden>
        </span>
      )}
    </span>
  );
}
