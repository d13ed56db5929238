/** The words of this package in Chinese; the reference's type has them complete. */
const messages = {
  'cluster.title': '集群',
  'cluster.none': '没有你可以查看的集群。',
  'namespace.title': '命名空间',
  'namespace.none': '该集群没有你可以查看的命名空间。',
  'namespace.clusterFirst': '请先选择集群。',
  'namespace.badName':
    '不是 Kubernetes 允许的名称：最多 63 个小写字母、数字和连字符，以字母或数字开头和结尾',
} as const;

export default messages;
