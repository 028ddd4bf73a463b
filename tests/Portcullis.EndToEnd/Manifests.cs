namespace Portcullis.EndToEnd;

/// <summary>Manifests that the scenarios commit.</summary>
internal static class Manifests
{
    public static string Organization(string name, string team, params string[] users) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Organization
        metadata:
          name: {name}
        spec:
          users:
        {string.Join('\n', users.Select(u => $"    - name: {u}"))}
          teams:
            - name: {team}
              members: [{string.Join(", ", users)}]

        """;

    public static string Collection(string name, string path, params string[] namespaces) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Collection
        metadata:
          name: {name}
        spec:
          path: {path}
          namespaces:
        {string.Join('\n', namespaces.Select(n => $"    - name: {n}"))}
          guardrails:
            podSecurity: Baseline
            resourceQuota:
              hard:
                pods: "20"

        """;

    public static string Grant(string name, string kind, string subject, string role, string collection) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: Grant
        metadata:
          name: {name}
        spec:
          subject:
            kind: {kind}
            name: {subject}
          role: {role}
          collection: {collection}

        """;

    public static string Hardening(string name, int downloads) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: NodeHardening
        metadata:
          name: {name}
        spec:
          daemonJSON:
            live-restore: true
            max-concurrent-downloads: {downloads}

        """;
}
