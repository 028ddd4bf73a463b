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

    public static string Hardening(string name, int downloads, (string Label, string Value)? nodes = null) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: NodeHardening
        metadata:
          name: {name}
        spec:
        {(nodes is { } selected ? $"  nodeSelector: {{{selected.Label}: {selected.Value}}}\n" : "")}  daemonJSON:
            live-restore: true
            max-concurrent-downloads: {downloads}

        """;

    public static string Role(string name) => $"""
        apiVersion: portcullis.dev/v1alpha1
        kind: AccessRole
        metadata:
          name: {name}
        spec:
          rules:
            - apiGroups: [""]
              resources: [pods]
              verbs: [get, list, watch]

        """;

    /// <summary>
    /// What an administrator applies so that the operator may keep an AccessRole of his own, and bring the CRDs up to date
    /// (config/rbac/operator-roles.yaml).
    /// </summary>
    public static string RoleForOperator(string mark) => $"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: operator-{mark}
          labels:
            rbac.portcullis.dev/aggregate-to-operator: "true"
        rules:
          - apiGroups: [rbac.authorization.k8s.io]
            resources: [clusterroles]
            verbs: [patch, delete, bind, escalate]
            resourceNames: ["portcullis:watcher-{mark}"]
          - apiGroups: [apiextensions.k8s.io]
            resources: [customresourcedefinitions]
            verbs: [create, patch]

        """;

    /// <summary>What an administrator applies so that sources may declare ConfigMaps.</summary>
    public static string ConfigMapsForOperator(string mark) => $"""
        apiVersion: rbac.authorization.k8s.io/v1
        kind: ClusterRole
        metadata:
          name: operator-configmaps-{mark}
          labels:
            rbac.portcullis.dev/aggregate-to-operator: "true"
        rules:
          - apiGroups: [""]
            resources: [configmaps]
            verbs: [get, list, watch, create, patch, delete]

        """;
}
