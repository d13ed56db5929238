import { ownersOfLines } from './lineOwners';

const TEXT = `metadata:
  labels:
    app.example/tier: web
spec:
  replicas: 3
  template:
    spec:
      containers:
        - image: a:1
          name: app
          ports:
            - containerPort: 80
        - name: log
  finalizers:
    - keep
`;

const ownerOf = (manager: string, paths: string[]) => ({
  manager,
  operation: 'Apply' as const,
  paths,
});

it('knows who set which line, by fields, items and values', () => {
  const lines = ownersOfLines(TEXT, [
    ownerOf('hpa', ['spec.replicas']),
    ownerOf('flux', [
      'metadata.labels["app.example/tier"]',
      'spec.template.spec.containers[name=app].image',
      'spec.template.spec.containers[name=app].ports[containerPort=80].containerPort',
      'spec.finalizers[value=keep]',
      'spec.gone',
    ]),
    // What the portal has set is no news.
    ownerOf('backstage-k8s', ['spec.template.spec.containers[name=log].name']),
  ]);
  expect([...lines]).toEqual([
    [3, 'flux'],
    [5, 'hpa'],
    [9, 'flux'],
    [12, 'flux'],
    [15, 'flux'],
  ]);
});

it('knows nothing of a text that is no manifest', () => {
  const owners = [ownerOf('flux', ['spec'])];
  expect(ownersOfLines('a: [', owners).size).toBe(0);
  expect(ownersOfLines('text', owners).size).toBe(0);
});
