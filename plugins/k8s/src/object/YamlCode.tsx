/** The editor itself; only {@link YamlEditor} loads it, when it is needed. */
import { autocompletion } from '@codemirror/autocomplete';
import type { CompletionContext } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { forceLinting, lintGutter, linter } from '@codemirror/lint';
import type { Diagnostic } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView, GutterMarker, gutter } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import CodeMirror from '@uiw/react-codemirror';
import type { ReactCodeMirrorRef } from '@uiw/react-codemirror';
import { useEffect, useMemo, useRef } from 'react';
import { completeManifest } from './schema/completion';
import type { JsonSchema } from './schema/JsonSchema';

/** What an editor of YAML gets. */
export interface YamlCodeProps {
  /** What it is, for screen readers. */
  label: string;
  value: string;
  onChange?: (value: string) => void;
  readOnly?: boolean;
  /** What is wrong, with its place in the text. */
  problems?: readonly Diagnostic[];
  /** What may be written. */
  schema?: JsonSchema;
  /** Who set which line; shown in the margin. */
  owners?: ReadonlyMap<number, string>;
  /** As CSS; it is no higher than what it holds. */
  maxHeight: string;
  minHeight?: string;
}

const theme = EditorView.theme({
  '&': {
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
    backgroundColor: 'var(--bui-bg-neutral-1)',
    color: 'var(--bui-fg-primary)',
    fontSize: '12.5px',
    overflow: 'hidden',
  },
  '&.cm-focused': { outline: '2px solid var(--bui-ring)' },
  '.cm-scroller': {
    fontFamily: 'var(--bui-font-monospace)',
    lineHeight: '18px',
  },
  '.cm-content': { caretColor: 'var(--bui-fg-primary)' },
  '.cm-cursor': { borderLeftColor: 'var(--bui-fg-primary)' },
  '.cm-gutters': {
    backgroundColor: 'var(--bui-bg-neutral-2)',
    color: 'color-mix(in srgb, var(--bui-fg-primary) 75%, transparent)',
    borderRight: '1px solid var(--bui-border-1)',
  },
  '.cm-owners': {
    width: '112px',
    padding: '0 6px',
    borderInlineStart: '1px solid var(--bui-border-1)',
    fontSize: '11px',
    '& .cm-gutterElement': {
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
  },
  '.cm-activeLine, .cm-activeLineGutter': {
    backgroundColor:
      'color-mix(in srgb, var(--bui-fg-primary) 5%, transparent)',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground':
    {
      backgroundColor:
        'color-mix(in srgb, var(--bui-fg-announcement) 30%, transparent)',
    },
  '.cm-tooltip': {
    backgroundColor: 'var(--bui-bg-popover, var(--bui-bg-neutral-1))',
    color: 'var(--bui-fg-primary)',
    border: '1px solid var(--bui-border-2)',
    borderRadius: 'var(--bui-radius-2)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--bui-bg-neutral-3, var(--bui-bg-neutral-2))',
    color: 'var(--bui-fg-primary)',
  },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: 0.75 },
  '.cm-completionInfo': { maxWidth: '360px', whiteSpace: 'pre-wrap' },
  '.cm-panels': {
    backgroundColor: 'var(--bui-bg-neutral-2)',
    color: 'var(--bui-fg-primary)',
  },
});

// Mixed with the colour of the text, so that each has enough contrast in both themes.
const tint = (color: string) =>
  `color-mix(in srgb, ${color} 40%, var(--bui-fg-primary))`;

const colors = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: tint('#1e6fd9') },
  { tag: tags.propertyName, color: tint('#1e6fd9') },
  { tag: tags.string, color: tint('#1f8a4c') },
  { tag: [tags.number, tags.bool, tags.null], color: tint('#b3541e') },
  { tag: tags.keyword, color: tint('#b3541e') },
  { tag: tags.comment, fontStyle: 'italic', color: tint('#808080') },
]);

/** Who set a line, beside it; of lines one after the other by the same it is said once. */
class OwnerMarker extends GutterMarker {
  constructor(
    private readonly owner: string,
    private readonly isRepeated: boolean,
  ) {
    super();
  }

  eq(other: OwnerMarker) {
    return other.owner === this.owner && other.isRepeated === this.isRepeated;
  }

  toDOM() {
    const element = document.createElement('span');
    element.title = this.owner;
    element.textContent = this.isRepeated ? '\u2502' : this.owner;
    return element;
  }
}

/** An editor of YAML in the colours of the portal. */
export default function YamlCode(props: YamlCodeProps) {
  const { label, value, onChange, readOnly, problems, schema } = props;
  const { owners, maxHeight, minHeight } = props;
  const editor = useRef<ReactCodeMirrorRef>(null);
  const latest = useRef({ problems, schema, owners });
  latest.current = { problems, schema, owners };
  const hasOwners = owners !== undefined && owners.size > 0;

  useEffect(() => {
    const view = editor.current?.view;
    if (view) forceLinting(view);
  }, [problems]);
  useEffect(() => {
    // The margin is made anew.
    editor.current?.view?.dispatch({});
  }, [owners]);

  const extensions = useMemo(
    () => [
      yaml(),
      theme,
      syntaxHighlighting(colors),
      EditorView.lineWrapping,
      EditorState.tabSize.of(2),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      ...(hasOwners
        ? [
            gutter({
              class: 'cm-owners',
              lineMarker: (view, { from }) => {
                const { number } = view.state.doc.lineAt(from);
                const known = latest.current.owners;
                const owner = known?.get(number);
                return owner === undefined
                  ? null
                  : new OwnerMarker(owner, known?.get(number - 1) === owner);
              },
              lineMarkerChange: () => true,
            }),
          ]
        : []),
      ...(readOnly
        ? []
        : [
            lintGutter(),
            linter(view =>
              (latest.current.problems ?? []).filter(
                ({ to }) => to <= view.state.doc.length,
              ),
            ),
            autocompletion({
              override: [
                (context: CompletionContext) =>
                  completeManifest(context, latest.current.schema),
              ],
            }),
          ]),
    ],
    [label, readOnly, hasOwners],
  );
  return (
    <CodeMirror
      ref={editor}
      value={value}
      onChange={onChange}
      readOnly={readOnly}
      editable={!readOnly}
      theme="none"
      extensions={extensions}
      maxHeight={maxHeight}
      minHeight={minHeight}
      // Tab goes on through the page; in the editor Ctrl-] and Ctrl-[ move lines in and out.
      indentWithTab={false}
      basicSetup={{ autocompletion: false, highlightSelectionMatches: false }}
    />
  );
}
