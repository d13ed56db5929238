/** The words of the form of an object. */
export const formMessages = {
  views: 'How to write it',
  form: 'Form',
  yaml: 'YAML',
  search: 'Find a field',
  nothingFound: 'No field is called so.',
  more: 'more',
  less: 'less',
  byDefault: 'Default: {{value}}.',
  moreFields_one: 'Show {{count}} more field',
  moreFields_other: 'Show {{count}} more fields',
  fewerFields: 'Show fewer fields',
  notSet: 'Not set',
  yes: 'Yes',
  no: 'No',
  add: 'Add',
  addTo: 'Add to {{list}}',
  removeItem: 'Take {{name}} out of {{list}}',
  moveUp: 'Move {{name}} of {{list}} up',
  moveDown: 'Move {{name}} of {{list}} down',
  key: 'Key',
  value: 'Value',
  mapKey: 'Key {{number}} of {{map}}',
  mapValue: 'Value of {{key}} in {{map}}',
  twice: 'There are two of these.',
  keyMissing: 'The value needs a key.',
  asYaml: 'Write as YAML',
  asYamlOf: 'Write {{name}} as YAML',
  commentsGo:
    'Comments of the YAML are not kept when something is changed in the form.',
  unreadable:
    'The form needs a YAML that can be read, of this kind. Mend what is marked first.',
  brokenPiece: 'A piece of YAML in the form cannot be read: {{field}}.',
  brokenPairs:
    'A value in the form has no key, or the key of another one, and would not be taken over.',
  noSchema:
    'The cluster gives no schema of this kind, so there is no form for it.',
  problems: {
    required: 'This is needed',
    pattern: 'It has to match {{pattern}}',
    minimum: 'It has to be at least {{limit}}',
    maximum: 'It can be {{limit}} at most',
    nameMissing: 'Give it a name.',
    nameInvalid:
      'Kubernetes does not allow this name: small letters, digits and hyphens, beginning and ending with a letter or a digit',
    namespaceInvalid:
      'This is no name of a namespace: small letters, digits and hyphens, at most 63',
    labelInvalid:
      'A label is a key such as app or example.org/team, and a value of letters, digits, dots, hyphens and underscores, at most 63',
  },
} as const;
