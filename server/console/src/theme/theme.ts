import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from "@mantine/core";

const TEAL: MantineColorsTuple = [
  "#e6f2ef",
  "#c3e0da",
  "#9bccc2",
  "#6fb6a9",
  "#45a192",
  "#22907e",
  "#0e7c6b",
  "#0a6557",
  "#075046",
  "#043b33",
];

/** Mantine's own dark surfaces, in our greys. */
const DARK: MantineColorsTuple = [
  "#ecebe8",
  "#c9cacc",
  "#9a9da6",
  "#7b7f88",
  "#2d3137",
  "#2b2e34",
  "#23262b",
  "#1b1d21",
  "#131417",
  "#0f1012",
];

interface Paint {
  background: string;
  hover: string;
  color: string;
  border: string;
}

const NONE = "1px solid transparent";

/** How Mantine's variants look in our colours; `danger` is the same table in red. */
const PAINTS: Record<string, Paint> = {
  filled: {
    background: "var(--accent)",
    hover: "var(--accent-strong)",
    color: "var(--on-accent)",
    border: NONE,
  },
  light: {
    background: "var(--accent-soft)",
    hover: "var(--accent-line)",
    color: "var(--accent-strong)",
    border: NONE,
  },
  subtle: { background: "transparent", hover: "var(--hover)", color: "var(--ink)", border: NONE },
  default: {
    background: "var(--surface)",
    hover: "var(--hover)",
    color: "var(--ink)",
    border: "1px solid var(--line-strong)",
  },
};

const paint: VariantColorsResolver = (input) =>
  (input.color === undefined || input.color === "teal" ? PAINTS[input.variant] : undefined) ??
  defaultVariantColorsResolver(input);

/** What floats lies on the raised surface, in both schemes. */
const FLOATING = {
  dropdown: { background: "var(--raised)", borderColor: "var(--line)" },
};

export const theme = createTheme({
  primaryColor: "teal",
  colors: { teal: TEAL, dark: DARK },
  primaryShade: 6,
  variantColorResolver: paint,
  fontFamily: "var(--text)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  fontWeights: { regular: "400", medium: "550", bold: "650" },
  radius: { xs: "4px", sm: "6px", md: "6px", lg: "10px", xl: "16px" },
  spacing: { xs: "4px", sm: "8px", md: "12px", lg: "16px", xl: "24px" },
  shadows: { xs: "none", sm: "none", md: "var(--float)", lg: "var(--float)", xl: "var(--float)" },
  defaultRadius: "md",
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Tooltip: { defaultProps: { openDelay: 350, withArrow: false, offset: 6, fz: 12 } },
    InputWrapper: { styles: { label: { marginBottom: 4 }, description: { marginBottom: 4 } } },
    Menu: {
      styles: FLOATING,
      defaultProps: {
        withInitialFocusPlaceholder: false,
        shadow: "md",
        transitionProps: { duration: 120 },
        radius: "lg",
      },
    },
    Popover: {
      styles: FLOATING,
      defaultProps: { shadow: "md", transitionProps: { duration: 120 }, radius: "lg" },
    },
    Modal: {
      defaultProps: {
        radius: "lg",
        transitionProps: { duration: 140 },
        overlayProps: { backgroundOpacity: 0.28 },
      },
    },
    Drawer: {
      defaultProps: { transitionProps: { duration: 160 }, overlayProps: { backgroundOpacity: 0.28 } },
    },
  },
});

/** Mantine's own colour names, pointed at our tokens, so that both schemes come from one file. */
export const resolver: CSSVariablesResolver = () => {
  const shared = {
    "--mantine-color-text": "var(--ink)",
    "--mantine-color-body": "var(--surface)",
    "--mantine-color-bright": "var(--ink)",
    "--mantine-color-dimmed": "var(--muted)",
    "--mantine-color-error": "var(--red)",
    "--mantine-color-placeholder": "var(--faint)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default": "var(--surface)",
    "--mantine-color-default-hover": "var(--hover)",
    "--mantine-color-default-color": "var(--ink)",
    "--mantine-color-default-border": "var(--line-strong)",
    "--mantine-color-disabled": "var(--press)",
    "--mantine-color-disabled-color": "var(--muted)",
    "--mantine-color-disabled-border": "var(--line)",
    "--mantine-color-teal-filled": "var(--accent)",
    "--mantine-color-teal-filled-hover": "var(--accent-strong)",
    "--mantine-primary-color-contrast": "var(--on-accent)",
  };
  return { variables: {}, light: shared, dark: shared };
};
