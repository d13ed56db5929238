/** The words of this package in Chinese; the reference's type has them complete. */
const messages = {
  'cluster.title': '集群',
  'cluster.none': '没有你可以查看的集群。',
  'namespace.title': '命名空间',
  'namespace.none': '该集群没有你可以查看的命名空间。',
  'namespace.clusterFirst': '请先选择集群。',
} as const;

export default messages;
