import { makeStyles, useTheme } from '@material-ui/core/styles';
import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { useEffect, useRef } from 'react';
import type { TerminalSize } from './TerminalSession';

/** Lines that can be scrolled back to. */
const SCROLLBACK = 5_000;
const FONT_SIZE = 13;

const useStyles = makeStyles({
  root: {
    height: 'calc(100vh - 380px)',
    minHeight: 240,
    padding: 'var(--bui-space-2)',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
    overflow: 'hidden',
  },
  screen: { height: '100%' },
});

/** What whoever shows a screen does with it. */
export interface Screen {
  write(data: Uint8Array): void;
  readonly size: TerminalSize;
  focus(): void;
}

/** A screen and keyboard, in the portal's theme. It is made once; what it is told to is the newest. */
export default function TerminalScreen(props: {
  label: string;
  /** Told once, when it is there. */
  onScreen: (screen: Screen) => void;
  onType: (text: string) => void;
  onBytes: (bytes: Uint8Array<ArrayBuffer>) => void;
  onSize: (size: TerminalSize) => void;
}) {
  const classes = useStyles();
  const { palette } = useTheme();
  const place = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal>();
  const told = useRef(props);
  told.current = props;
  const { label } = props;
  const colors = {
    background: palette.background.paper,
    foreground: palette.text.primary,
    cursor: palette.text.primary,
    cursorAccent: palette.background.paper,
    selectionBackground: palette.action.selected,
  };
  const theme = useRef(colors);
  theme.current = colors;
  useEffect(() => {
    if (!place.current) return undefined;
    const made = new Terminal({
      cursorBlink: true,
      fontSize: FONT_SIZE,
      fontFamily: 'monospace',
      scrollback: SCROLLBACK,
      // What the container writes must be readable in both themes.
      minimumContrastRatio: 4.5,
      theme: theme.current,
      screenReaderMode: false,
    });
    const fit = new FitAddon();
    made.loadAddon(fit);
    made.open(place.current);
    fit.fit();
    made.textarea?.setAttribute('aria-label', told.current.label);
    const sizeOf = () => ({ columns: made.cols, rows: made.rows });
    made.onData(text => told.current.onType(text));
    made.onBinary(text =>
      told.current.onBytes(
        Uint8Array.from(text, character => character.charCodeAt(0)),
      ),
    );
    made.onResize(() => told.current.onSize(sizeOf()));
    const observer = new ResizeObserver(() => fit.fit());
    observer.observe(place.current);
    terminal.current = made;
    told.current.onScreen({
      write: data => made.write(data),
      get size() {
        return sizeOf();
      },
      focus: () => made.focus(),
    });
    return () => {
      observer.disconnect();
      terminal.current = undefined;
      made.dispose();
    };
  }, []);
  const { background, foreground, selectionBackground } = colors;
  useEffect(() => {
    if (terminal.current) terminal.current.options.theme = theme.current;
  }, [background, foreground, selectionBackground]);
  return (
    <div
      className={classes.root}
      style={{ background }}
      role="group"
      aria-label={label}
    >
      <div ref={place} className={classes.screen} />
    </div>
  );
}
